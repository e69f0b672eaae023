import { type ReactNode, useState } from "react";
import type { HostWritten, RouteWritten } from "../../../src/engine/protocol/index.ts";
import { useConnection } from "../../connection/index.ts";
import { useText } from "../../i18n/index.ts";
import { gatewaysOf } from "../addressing.ts";
import { CommitField } from "../commit-field.tsx";
import { edit, type Outcome, tryEdit } from "../document.ts";
import { Line, Problems } from "../fields.tsx";
import { Section } from "./section.tsx";
import { listOf } from "./values.ts";

/** Where a host sends what is not for its own links, and whom it asks for names. */
export function Routes({ name, device }: { readonly name: string; readonly device: HostWritten }): ReactNode {
  const t = useText();
  const network = useConnection((state) => state.network);
  const gateways = network === undefined ? [] : gatewaysOf(network, name);
  const routes = device.routes ?? [];
  const write = (list: readonly RouteWritten[]): Promise<Outcome> =>
    tryEdit([{ do: "device.set", name, set: { routes: list.length === 0 ? null : list } }]);
  const change = (at: number, part: Partial<RouteWritten>): Promise<Outcome> =>
    write(routes.map((route, index) => (index === at ? { ...route, ...part } : route)));
  const remove = (at: number): void =>
    void edit([
      {
        do: "device.set",
        name,
        set: { routes: routes.length === 1 ? null : routes.filter((_, index) => index !== at) },
      },
    ]);
  return (
    <Section title="edit.routes">
      <CommitField
        label={t("edit.gateway")}
        value={device.gateway ?? ""}
        mono
        placeholder={gateways[0] ?? "10.0.1.1"}
        suggestions={gateways}
        commit={(typed) => tryEdit([{ do: "device.set", name, set: { gateway: typed === "" ? null : typed } }])}
      />
      {routes.map((route, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: routes have no name but their place
        <div className="edit-route" key={at}>
          <CommitField label={t("edit.routeTo")} value={route.to} mono commit={(to) => change(at, { to })} />
          <CommitField label={t("edit.routeVia")} value={route.via} mono commit={(via) => change(at, { via })} />
          <button
            type="button"
            className="button icon plain"
            aria-label={t("edit.removeRoute", { to: route.to })}
            onClick={() => remove(at)}
          >
            ✕
          </button>
        </div>
      ))}
      <NewRoute add={(route) => write([...routes, route])} />
      <CommitField
        label={t("edit.nameServers")}
        value={device.nameServers?.join(", ") ?? ""}
        mono
        commit={(typed) => tryEdit([{ do: "device.set", name, set: { nameServers: listOf(typed) } }])}
      />
    </Section>
  );
}

function NewRoute({ add }: { readonly add: (route: RouteWritten) => Promise<Outcome> }): ReactNode {
  const t = useText();
  const [to, setTo] = useState("");
  const [via, setVia] = useState("");
  const [outcome, setOutcome] = useState<Outcome>();
  const submit = async (): Promise<void> => {
    const came = await add({ to: to.trim(), via: via.trim() });
    setOutcome(came);
    if (!came.taken) return;
    setTo("");
    setVia("");
  };
  return (
    <form
      className="edit-route"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Line label={t("edit.routeTo")} value={to} onType={setTo} mono placeholder="10.0.2.0/24" />
      <Line label={t("edit.routeVia")} value={via} onType={setVia} mono placeholder="10.0.1.1" />
      <button type="submit" className="button" disabled={to === "" || via === ""}>
        {t("edit.addRoute")}
      </button>
      <Problems problems={outcome?.taken === false ? outcome.problems : []} />
    </form>
  );
}
