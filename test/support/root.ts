/** The root of the checkout, with a trailing slash; compiled tests are three folders below it. */
export const root = new URL('../../../', import.meta.url).pathname;
