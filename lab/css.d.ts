/** A style sheet goes into the page's one CSS file when a module imports it. */
declare module "*.css";
