import { getPublicSuffix } from "tough-cookie";

/** Whether anybody may have a name under this one (publicsuffix.org, as far as the library's copy of the list goes). */
export function isPublicSuffix(domain: string): boolean {
  const registered = getPublicSuffix(domain, { allowSpecialUseDomain: true, ignoreError: true });
  return registered == null;
}
