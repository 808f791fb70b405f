// One derivative, found three ways: by gradwise, by hand and by differences.
import { grad, type Tensor, tensor } from "gradwise";

// f(x) = sum of x sin(x), so df/dx = sin(x) + x cos(x)
const f = (x: Tensor) => x.mul(x.sin()).sum();
const byHand = (x: Tensor) => x.sin().add(x.mul(x.cos()));

const x = tensor([-2, -1, 0, 1, 2], { dtype: "float64" });
console.log(`x          ${x}`);
console.log(`gradwise   ${grad(f)(x)}`);
console.log(`by hand    ${byHand(x)}`);

// (f(x + h) - f(x - h)) / 2h, for one element of x after the other
const h = 1e-5;
const differences = Array.from({ length: x.size }, (_, i) => {
  const shift = tensor(
    Array.from({ length: x.size }, (_, k) => (k === i ? h : 0)),
    { dtype: "float64" },
  );
  return Number(
    f(x.add(shift))
      .sub(f(x.sub(shift)))
      .div(2 * h),
  );
});
console.log(`difference ${tensor(differences, { dtype: "float64" })}`);

// A gradient is a function like any other, so it has a gradient too: 2 cos(x) - x sin(x)
const slope = (at: Tensor) => grad(f)(at).sum();
console.log(`its slope  ${grad(slope)(x)}`);
console.log(`by hand    ${x.cos().mul(2).sub(x.mul(x.sin()))}`);
