import type { Add, Half, HalfUp, Mul, Product, SameSize, Sub } from "../../src/core/shape-arithmetic.ts";
import { is } from "./assertions.ts";

is<Add<0, 0>, 0>(true);
is<Add<5, 99>, 104>(true);
is<Add<999999, 1>, 1000000>(true);
is<Add<95, 905>, 1000>(true);
is<Add<number, 3>, number>(true);

is<Mul<28, 28>, 784>(true);
is<Mul<0, 55>, 0>(true);
is<Mul<55, 0>, 0>(true);
is<Mul<1, 37>, 37>(true);
is<Mul<999, 999>, 998001>(true);
is<Mul<1000, 1000>, 1000000>(true);
is<Mul<123456789, 987>, 121851850743>(true);
is<Mul<50257, 768>, 38597376>(true);
is<Mul<65536, 65536>, 4294967296>(true);
is<Mul<2345, 6789>, 15920205>(true);
is<Mul<number, 0>, number>(true);

is<Sub<784, 3>, 781>(true);
is<Sub<28, 28>, 0>(true);
is<Sub<1000000, 1>, 999999>(true);
is<Sub<100, 99>, 1>(true);
is<Sub<3, 5>, number>(true);
is<Sub<9, 10>, number>(true);
is<Sub<99, 100>, number>(true);

is<Half<0>, 0>(true);
is<Half<1>, 0>(true);
is<Half<7>, 3>(true);
is<Half<28>, 14>(true);
is<Half<2001>, 1000>(true);
is<HalfUp<7>, 4>(true);
is<HalfUp<99>, 50>(true);
is<HalfUp<224>, 112>(true);

is<Product<[]>, 1>(true);
is<Product<[7, 7, 512]>, 25088>(true);
is<Product<[3, 0, 4]>, 0>(true);
is<Product<readonly [2, 3]>, 6>(true);
is<Product<[3, number]>, number>(true);
is<Product<number[]>, number>(true);

is<SameSize<[32, 50, 64], [32, 50, 8, 8]>, true>(true);
is<SameSize<[2, 3, 7], [6, 7]>, true>(true);
is<SameSize<[2, 3, 7], [7, 7]>, false>(true);
is<SameSize<[5, 0], [0, 9, 9]>, true>(true);
is<SameSize<[5, 0], [5]>, false>(true);
is<SameSize<[1, 1], []>, true>(true);
is<SameSize<[5, number], [7]>, true>(true);

// What is no whole size is not computed with.
is<Add<2.5, 1>, number>(true);
is<Mul<-3, 2>, number>(true);
is<Half<1e300>, number>(true);
