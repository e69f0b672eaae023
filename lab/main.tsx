import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect, useConnection } from "./connection/index.ts";

function Lab() {
  const name = useConnection(({ network }) => network?.name);
  const link = useConnection(({ link }) => link.kind);
  return (
    <main>
      <h1>{name ?? "Netarium"}</h1>
      <p>{link}</p>
    </main>
  );
}

connect();
createRoot(document.getElementById("lab") as HTMLElement).render(
  <StrictMode>
    <Lab />
  </StrictMode>,
);
