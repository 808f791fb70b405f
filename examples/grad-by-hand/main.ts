// One derivative, found three ways: by gradwise, by hand and by differences.
import { checkGradients, grad, type Tensor, tensor } from "gradwise";

// f(x) = sum of x sin(x), so df/dx = sin(x) + x cos(x)
const f = (x: Tensor) => x.mul(x.sin()).sum();
const byHand = (x: Tensor) => x.sin().add(x.mul(x.cos()));

const x = tensor([-2, -1, 0, 1, 2], { dtype: "float64" });
console.log(`x          ${x}`);
console.log(`gradwise   ${grad(f)(x)}`);
console.log(`by hand    ${byHand(x)}`);

// A gradient is a function like any other, so it has a gradient too: 2 cos(x) - x sin(x)
const slope = (at: Tensor) => grad(f)(at).sum();
console.log(`its slope  ${grad(slope)(x)}`);
console.log(`by hand    ${x.cos().mul(2).sub(x.mul(x.sin()))}`);

// Where there is no formula to compare with, differences are, (f(x + h v) - f(x - h v)) / 2h, up to the third order here.
console.log(`${checkGradients(f, [x], { order: 3 })}`);
