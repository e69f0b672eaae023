/** The filter's input, for what moves the focus there. */
export const FILTER_ID = "packet-filter";
