/** What has not happened after so many milliseconds will not happen. */
export const TIMEOUT_MS = 20_000;

/** How pages are asked whether something has happened: those in the background paint too rarely to be asked then. */
export const POLLING = { polling: 20 };
