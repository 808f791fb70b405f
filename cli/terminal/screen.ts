/** Where a command shows what it does. */
export interface Screen {
  print(text: string): void;
  readonly colour: boolean;
  /** Characters in a line. */
  readonly columns: number;
}
