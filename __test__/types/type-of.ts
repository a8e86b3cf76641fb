/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `typeOf(value).is<Type>()` compiles only if the value's type is exactly `Type`. */
export declare function typeOf<Actual>(value: Actual): {
  is<Expected>(...difference: Same<Actual, Expected> extends true ? [] : [never]): void;
};
