import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { COOKIES_LIMIT, COOKIES_PER_DOMAIN, CookieJar, defaultPath, LONGEST_AGE, pathMatches } from "./cookie-jar.ts";

const SET = "http://home.example.org:8888/cookie-parser?x";
const SENT = "http://home.example.org:8888/cookie-parser-result?x";
let now = Date.UTC(2012, 0, 1);
const clock = { date: () => new Date(now) };
let jar = new CookieJar({ clock });

beforeEach(() => {
  now = Date.UTC(2012, 0, 1);
  jar = new CookieJar({ clock });
});

function sent(received: readonly string[], to = SENT, from = SET): string {
  for (const each of received) jar.store(each, new URL(from));
  return jar.header(new URL(to));
}

const at = (host: string): string => `http://${host}:8888/cookie-parser-result`;
const home = at("home.example.org");
const under = at("subdomain.home.example.org");
const sibling = at("sibling.example.org");
const result = (path: string): string => `http://home.example.org:8888/cookie-parser-result${path}`;

/**
 * What a user agent sends back after fields of that kind: the facts that browsers agreed on when RFC 6265 was written, as its
 * working group collected them.
 */
const CASES: readonly [what: string, fields: readonly string[], expected: string, to?: string][] = [
  ["a pair", ["foo=bar"], "foo=bar"],
  ["an end in the future", ["foo=bar; Expires=Fri, 07 Aug 2019 08:04:19 GMT"], "foo=bar"],
  [
    "an end in the past",
    ["a=b; Expires=Fri, 07 Aug 2007 08:04:19 GMT", "c=d; Expires=Fri, 07 Aug 2027 08:04:19 GMT"],
    "c=d",
  ],
  ["no equals sign", ["foo"], ""],
  ["an age, and a semicolon at the end", ["foo=bar; max-age=10000;"], "foo=bar"],
  ["an age of 0", ["foo=bar; max-age=0;"], ""],
  ["an age below 0", ["foo=bar; max-age=-1"], ""],
  ["an age with a comma is passed over", ["foo=bar; Max-Age=50,399"], "foo=bar"],
  ["unknown attributes", ['foo=bar; version=1; customvalue="1000 or more";'], "foo=bar"],
  ["a second value", ["foo=bar", "foo=qux"], "foo=qux"],
  ["several, in the order in which they came", ["z=y", "a=b"], "z=y; a=b"],
  ["a comma separates nothing", ["z=y, a=b"], "z=y, a=b"],
  ["nor in an attribute", ["z=y; foo=bar, a=b"], "z=y"],
  ["an equals sign alone", ["a=b", "=", "c=d"], "a=b; c=d"],
  ["no name", ["a=b", "=x", "c=d"], "a=b; c=d"],
  ["an empty value", ["a=b", "x=", "c=d"], "a=b; x=; c=d"],
  ["nothing at all", ["foo", "", "; bar", "    ", "\t"], ""],
  ["Secure", ["foo=bar; Secure"], ""],
  ["Secure with a value", ["foo=bar; seCURe=aaaa"], ""],
  ["Secure with spaces before its sign", ["foo=bar; Secure =aaaaa"], ""],
  ["Secure between spaces", ["foo=bar;       Secure     ; qux"], ""],
  ["Secure in quotes is not", ['foo=bar; "Secure"'], "foo=bar"],
  ["Secure with a word more is not", ["foo=bar; Secure qux"], "foo=bar"],
  ["a quoted semicolon still ends an attribute", ['foo=bar; qux="aaa;bbb"; Secure'], ""],
  ["Path without a value", ["foo=bar; Path"], "foo=bar"],
  ["Path of another place", ["foo=bar; Path    =    /qux      ; taz"], ""],
  ["the last Path counts", ["foo=bar; Path=/qux; Path=/"], "foo=bar"],
  ["the last Path counts, whichever it is", ["foo=bar; Path=/; Path=/qux"], ""],
  ["an empty last Path is the default", ["foo=bar; path=/dog; path="], "foo=bar"],
  ["quotes belong to the value", ['aBc="zzz "   ; '], 'aBc="zzz "'],
  ["quotes hold nothing together", ['aBc="zz;pp" ; ;'], 'aBc="zz'],
  ["quotes need no end", ['a="B'], 'a="B'],
  ["quotes in a value", ['aBc="zzz "   "ppp"  ; '], 'aBc="zzz "   "ppp"'],
  ["spaces around the name and value", ["  A  = BC  ;foo;;;   bar"], "A=BC"],
  ["the first equals sign counts", ["  A=== BC  ;foo;;;   bar"], "A=== BC"],
  ["tabs around", ["\tfoo\t=\tbar\t \t;\tttt"], "foo=bar"],
  ["bytes above ASCII", ["\u00e6\u0098\u00a5=\u00e8\u008a\u0082"], "\u00e6\u0098\u00a5=\u00e8\u008a\u0082"],
  ["a name with a space", ["foo bar=baz"], "foo bar=baz"],
  ["a name of signs", ["$=bar", "!a=b", "%a=b", '"a=b', "+=b"], '$=bar; !a=b; %a=b; "a=b; +=b'],
  ["$Version is a name", ["$Version=1; foo=bar"], "$Version=1"],
  ["signs before a name", ["===a=bar"], ""],
  ["a name replaced by one in quotes", ['"a=b"=bar', '"a=qux'], '"a=qux'],
  ["taking one of two back", ["a=b; max-age=60", "c=d; max-age=60", "a=x; max-age=0", "e=f; max-age=0"], "c=d"],
  ["Domain is the host", ["foo=bar; domain=home.example.org"], "foo=bar", home],
  ["Domain is the host, asked by a sibling", ["foo=bar; domain=home.example.org"], "", sibling],
  ["Domain with a dot before", ["foo=bar; domain=.home.example.org"], "foo=bar", under],
  ["Domain without a dot before", ["foo=bar; domain=home.example.org"], "foo=bar", under],
  ["Domain of a sibling", ["foo=bar; domain=sibling.example.org"], "", sibling],
  ["Domain above the host", ["foo=bar; domain=.example.org"], "foo=bar", home],
  ["Domain with two dots before", ["foo=bar; domain=..home.example.org"], "", home],
  ["Domain with two dots inside", ["foo=bar; domain=home..example.org"], "", home],
  ["Domain with spaces before", ["foo=bar; domain=  .home.example.org"], "foo=bar", home],
  ["Domain with spaces inside", ["foo=bar; domain=  .  home.example.org"], "", home],
  ["Domain with a dot after", ["foo=bar; domain=home.example.org."], "", home],
  ["Domain of everybody", ["foo=bar; domain=.org"], "", home],
  ["Domain of everybody with a dot after", ["foo=bar; domain=.org."], "", home],
  ["Domain in quotes", ['foo=bar; domain="home.example.org"'], "", home],
  ["Domain in other letters", ["foo=bar; domain=home.eXaMpLe.org"], "foo=bar", home],
  ["Domain with a port", ["foo=bar; domain=home.example.org:8888"], "", home],
  ["Domain under the host", ["foo=bar; domain=subdomain.home.example.org"], "", under],
  ["no Domain is the host's alone", ["foo=bar"], "", under],
  ["the last Domain counts", ["foo=bar; domain=home.example.org; domain=.example.org"], "foo=bar", sibling],
  [
    "the last Domain counts, if it is another's",
    ["foo=bar; domain=home.example.org; domain=home.example.com"],
    "",
    home,
  ],
  ["a wrong Domain before", ["foo=bar; domain=home.example.com; domain=home.example.org"], "foo=bar", home],
  ["an empty Domain is passed over", ["foo=bar; domain=example.org; domain="], "foo=bar", home],
  ["an empty Domain does not mend another", ["foo=bar; domain=foo.example.org; domain="], "", home],
  ["an empty Domain alone", ["foo=bar; domain="], "foo=bar", home],
  ["the host in other letters", ["foo=bar; domain=home.example.org"], "foo=bar", at("hoMe.eXaMplE.org")],
  ["longer paths first", ["a=b; path=/", "x=y; path=/cookie-parser-result"], "x=y; a=b"],
  ["longer paths first, whichever came first", ["x=y; path=/cookie-parser-result", "a=b; path=/"], "x=y; a=b"],
  ["a folder under the path", ["foo=bar; path=/cookie-parser-result/foo"], "foo=bar", result("/foo")],
  ["a folder beside", ["foo=bar; path=/cookie-parser-result/foo"], "", result("/bar")],
  ["a path above", ["foo=bar; path=/cookie-parser-result/foo/qux"], "", result("/foo")],
  ["a path with a slash at the end", ["foo=bar; path=/cookie-parser-result/foo/qux/"], "", result("/foo/qux")],
  ["that path itself", ["foo=bar; path=/cookie-parser-result/foo/qux/"], "foo=bar", result("/foo/qux/")],
  ["two slashes", ["foo=bar; path=/cookie-parser-result/foo/"], "foo=bar", result("/foo//qux")],
  ["a path that only begins so", ["foo=bar; path=/cookie-parser-result/foo/"], "", result("/fooqux")],
  ["a path in other letters", ["foo=bar; Path=/cookie-PARSER-result"], ""],
  ["a path with a question mark", ["foo=bar; path=/cookie-parser-result/foo/qux?"], "", result("/foo/qux")],
  ["a path in quotes is none", ['foo=bar; path="/cookie-parser-result/foo/qux;"'], "foo=bar", result("/foo/qux")],
  ["an escaped path is not the plain one", ["foo=bar; path=/cookie-parser-result/f%6Fo/bar"], "", result("/foo/bar")],
  ["tabs about a path", ["a=b; \tpath\t=\t/cookie-parser-result\t", "x=y; \tpath\t=\t/book\t"], "a=b"],
  [
    "one name at two paths",
    ["foo=bar; path=/cookie-parser-result", "foo=qux; path=/cookie-parser-result/"],
    "foo=qux; foo=bar",
    result("/dog"),
  ],
  [
    "one name at several paths and domains",
    [
      ...["key=val0;", "key=val1; path=/cookie-parser-result", "key=val2; path=/", "key=val3; path=/bar"],
      ...["key=val4; domain=.example.org", "key=val5; domain=.example.org; path=/cookie-parser-result/foo"],
    ],
    "key=val5; key=val1; key=val2; key=val4",
    result("/foo/baz"),
  ],
  [
    "attributes of every kind of rubbish",
    ["test=parser; domain=.parser.test; ;; ;=; ,,, ===,abc,=; abracadabra! max-age=20;=;;"],
    "",
  ],
];

describe("what a jar sends back (RFC 6265 §5)", () => {
  for (const [what, fields, expected, to] of CASES) {
    test(what, () => assert.equal(sent(fields, to), expected));
  }
});

describe("a cookie jar", () => {
  test("forgets a cookie when its time has come, by the clock", () => {
    assert.equal(sent(["foo=bar; max-age=60"]), "foo=bar");
    now += 59_999;
    assert.equal(jar.header(new URL(SENT)), "foo=bar");
    now += 1;
    assert.equal(jar.header(new URL(SENT)), "");
    assert.equal(jar.size, 0);
  });

  test("keeps none longer than 400 days (RFC 6265bis §5.5)", () => {
    sent(["a=b; max-age=99999999999", "c=d; expires=Fri, 07 Aug 2099 08:04:19 GMT"]);
    const latest = now + LONGEST_AGE * 1000;
    assert.deepEqual(
      [...jar].map(({ expires }) => expires),
      [latest, latest],
    );
  });

  test("takes Max-Age before Expires, in whatever order (RFC 6265 §5.3 step 3)", () => {
    sent([
      "a=b; max-age=5; expires=Fri, 07 Aug 2007 08:04:19 GMT",
      "c=d; expires=Fri, 07 Aug 2013 08:04:19 GMT; max-age=0",
    ]);
    assert.equal(jar.header(new URL(SENT)), "a=b");
  });

  test("keeps the place of a cookie that is replaced (RFC 6265 §5.3 step 11.3)", () => {
    assert.equal(sent(["a=1", "b=2", "a=3"]), "a=3; b=2");
  });

  test("sends what is Secure by TLS only, and does not take it without (RFC 6265bis §5.7)", () => {
    const secure = "https://home.example.org/";
    assert.equal(jar.store("s=1; Secure", new URL(SET)), "secure");
    assert.equal(jar.store("s=1; Secure; Path=/", new URL(secure)), undefined);
    assert.equal(jar.header(new URL(secure)), "s=1");
    assert.equal(jar.header(new URL(SENT)), "");
    assert.equal(jar.store("s=2; Path=/", new URL(SET)), "secure", "it would stand before the secure one");
    assert.equal(jar.store("s=2; Domain=example.org; Path=/", new URL(SET)), "secure");
    assert.equal(jar.store("t=2; Path=/", new URL(SET)), undefined);
  });

  test("holds __Secure- and __Host- to what they promise (RFC 6265bis §4.1.3)", () => {
    const url = new URL("https://home.example.org/a/b");
    assert.equal(jar.store("__Secure-a=b", url), "prefix");
    assert.equal(jar.store("__Secure-a=b; Secure", url), undefined);
    assert.equal(jar.store("__Host-a=b; Secure", url), "prefix", "the default path is /a");
    assert.equal(jar.store("__hOsT-a=b; Secure; Path=/; Domain=home.example.org", url), "prefix");
    assert.equal(jar.store("__Host-a=b; Secure; Path=/", url), undefined);
  });

  test("refuses control characters and what is too long (RFC 6265bis §5.6)", () => {
    assert.equal(jar.store("a=b\r\nc: d", new URL(SET)), "malformed");
    assert.equal(jar.store("a=b\0", new URL(SET)), "malformed");
    assert.equal(jar.store(`a=${"b".repeat(4096)}`, new URL(SET)), "malformed");
    assert.equal(jar.store(`a=${"b".repeat(4095)}`, new URL(SET)), undefined);
    assert.equal(jar.store(`c=d; path=/${"b".repeat(1024)}`, new URL(SET)), undefined);
    assert.match(jar.header(new URL(SENT)), /c=d$/, "an attribute that is too long is passed over");
  });

  test("sets no cookie for an address's last numbers, nor for a name that is public", () => {
    assert.equal(jar.store("a=b; domain=0.0.1", new URL("http://127.0.0.1/")), "domain");
    assert.equal(jar.store("a=b; domain=127.0.0.1", new URL("http://127.0.0.1/")), undefined);
    assert.equal(jar.store("a=b; domain=localhost", new URL("http://localhost/")), undefined);
    assert.equal(jar.header(new URL("http://a.localhost/")), "", "it stays with that host");
    const careful = new CookieJar({ clock, isPublicSuffix: (domain) => domain === "co.uk" });
    assert.equal(careful.store("a=b; domain=co.uk", new URL("http://shop.co.uk/")), "domain");
    assert.equal(careful.store("a=b; domain=shop.co.uk", new URL("http://www.shop.co.uk/")), undefined);
  });

  test("takes a public name for one with a dot at its end too", () => {
    assert.equal(jar.store("a=b; domain=org.", new URL("http://www.example.org./")), "domain");
    assert.equal(jar.store("a=b; domain=example.org.", new URL("http://www.example.org./")), undefined);
  });

  test("has a limit for each domain, at which what was not used for longest goes", () => {
    for (let n = 0; n < COOKIES_PER_DOMAIN; n++) jar.store(`c${n}=1`, new URL(SET));
    jar.header(new URL(SENT));
    jar.store("last=1", new URL("http://home.example.org/"));
    assert.equal(jar.size, COOKIES_PER_DOMAIN);
    assert.doesNotMatch(jar.header(new URL(SENT)), /\bc0=/);
  });

  test("has a limit for all, at which those that are over go first", () => {
    jar.store("short=1; max-age=1", new URL("http://short.example.org/"));
    for (let n = 1; n < COOKIES_LIMIT; n++) jar.store("a=1", new URL(`http://h${n}.example.org/`));
    now += 2000;
    jar.store("one=more", new URL("http://more.example.org/"));
    assert.equal(jar.size, COOKIES_LIMIT);
    assert.equal(jar.header(new URL("http://h1.example.org/")), "a=1");
  });

  test("is given back as it was", () => {
    sent(["a=b; path=/; HttpOnly; SameSite=Lax", "c=d; domain=example.org; max-age=9"]);
    const other = new CookieJar({ clock });
    for (const cookie of jar) other.add(cookie);
    assert.deepEqual([...other], [...jar]);
    assert.deepEqual(
      [...jar].map(({ httpOnly, sameSite, hostOnly }) => ({ httpOnly, sameSite, hostOnly })),
      [
        { httpOnly: true, sameSite: "lax", hostOnly: true },
        { httpOnly: false, sameSite: undefined, hostOnly: false },
      ],
    );
    jar.clear();
    assert.equal(jar.header(new URL(SENT)), "");
  });

  test("never throws and never breaks a line, whatever it is told", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom(SET, "https://10.0.0.1/a", "http://x/"),
        (text, from) => {
          jar.store(text, new URL(from));
          assert.doesNotMatch(jar.header(new URL(from)), /[\r\n\0]/);
        },
      ),
    );
  });
});

test("the default path is the folder (RFC 6265 §5.1.4)", () => {
  const found = ["/", "/a", "/a/", "/a/b", "", "a/b"].map(defaultPath);
  assert.deepEqual(found, ["/", "/", "/a", "/a", "/", "/"]);
  assert.ok(
    pathMatches("/a/b", "/a/") && pathMatches("/a", "/a") && pathMatches("/a/b", "/a") && !pathMatches("/ab", "/a"),
  );
});
