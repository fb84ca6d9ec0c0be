/** The box that a node with its label takes in a layout. */
export const NODE_BOX = { width: 124, height: 84 } as const
