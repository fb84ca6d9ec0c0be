/** In `ends` and `end_us` of `traces`: nothing has ended. */
export const NO_END_US = -(2 ** 53)
