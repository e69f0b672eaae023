import "./areas.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect } from "./connection/index.ts";
import { Frame } from "./frame/frame.tsx";
import { beginTheme } from "./frame/theme.ts";
import { beginLanguage } from "./i18n/index.ts";

beginTheme();
connect();
await beginLanguage();
createRoot(document.getElementById("lab") as HTMLElement).render(
  <StrictMode>
    <Frame />
  </StrictMode>,
);
