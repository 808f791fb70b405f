/** Exactly the same type: assignability both ways is not enough, since `any` goes both ways with everything. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `is<A, B>(true)` compiles where A and B are the same type, `is<A, B>(false)` where they are not. */
export declare function is<A, B>(same: Equal<A, B>): void;
