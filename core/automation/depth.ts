/** Most automations that start each other, one after the other: a chain ends here. */
export const maxDepth = 10;
