/** Wall milliseconds between two pushes to a watcher. */
export const PUSH_INTERVAL = 50;
/** The same while the network runs as fast as it can: nobody can follow single frames then, and each push takes CPU time from it. */
export const UNPACED_PUSH_INTERVAL = 100;
/** Wall milliseconds between two pushes of traffic meanwhile: less than a cable glows on the canvas. */
export const UNPACED_TRAFFIC_INTERVAL = 250;
/** Wall milliseconds between two pushes of lines of the log and of how far lists have come meanwhile: these make a page ask for rows. */
export const UNPACED_LISTS_INTERVAL = 500;
/** Crossings in a push of traffic meanwhile: enough that each cable has one to be labelled with. */
export const UNPACED_CROSSINGS_LIMIT = 200;
/** Watchers at once; those who come later are refused as `busy`. */
export const WATCHERS_LIMIT = 16;
/** Requests of one watcher that are under way at once; more are refused. */
export const REQUESTS_LIMIT = 64;
/** Octets that wait to be sent to a watcher from which on it is pushed nothing. What it is owed it gets when it has read. */
export const BUFFERED_LIMIT = 2 ** 20;
/** Lines of the log in one message. */
export const LINES_PER_MESSAGE = 500;
/** Rows of a list in one message. */
export const ROWS_PER_MESSAGE = 500;
/** Views of one watcher. */
export const VIEWS_LIMIT = 8;
/** Crossings in one message. */
export const CROSSINGS_LIMIT = 2000;
/** Speeds that can be asked for. */
export const SPEED_RANGE = [0.001, 1_000_000] as const;
/** Letters of a terminal that wait to be told to a watcher; beyond, it is told all that stands on it when it reads again. */
export const TYPED_LIMIT = 2 ** 18;
/** Exports of one watcher whose next piece may be asked for; older ones are forgotten. */
export const EXPORTS_LIMIT = 2;
/** Lines of the key log of TLS that are kept for exports; then the oldest go. */
export const SECRETS_LIMIT = 10_000;
