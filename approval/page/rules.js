// What the program has decided about answers: how many at once, for how long.
export const rules = { freely: 0, rejection: { usual: 0, most: 0 }, titles: [] };

export function obey({ freely, rejection, titles }) {
  Object.assign(rules, { freely, rejection, titles });
}
