// v = momentum v - lr g; p = p + v
function sgd({ numpy: np }, { learningRate, momentum }) {
  return {
    init: (params) => params.map((p) => np.zeros(p.shape)),
    update: (params, velocities, grads) => {
      const next = velocities.map((v, i) => v.mul(momentum).sub(grads[i].mul(learningRate)));
      return [params.map((p, i) => p.add(next[i].ref)), next];
    },
  };
}

// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g g; p = p - lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps)
// AdamW shrinks p by lr * decay first.
function adam({ numpy: np }, { learningRate, beta1, beta2, epsilon, weightDecay = 0 }) {
  const shrunk = (p) => (weightDecay > 0 ? p.mul(1 - learningRate * weightDecay) : p);
  return {
    init: (params) => ({
      m: params.map((p) => np.zeros(p.shape)),
      v: params.map((p) => np.zeros(p.shape)),
      t: np.array(0),
    }),
    update: (params, { m, v, t }, grads) => {
      const time = t.add(1);
      const correct = (beta) =>
        np
          .exp(time.ref.mul(Math.log(beta)))
          .mul(-1)
          .add(1);
      const rate = np.sqrt(correct(beta2)).div(correct(beta1)).mul(learningRate);
      const first = m.map((mi, i) => mi.mul(beta1).add(grads[i].ref.mul(1 - beta1)));
      const second = v.map((vi, i) => vi.mul(beta2).add(grads[i].ref.mul(grads[i]).mul(1 - beta2)));
      const next = params.map((p, i) =>
        shrunk(p).sub(first[i].ref.mul(rate.ref).div(np.sqrt(second[i].ref).add(epsilon))),
      );
      rate.dispose();
      return [next, { m: first, v: second, t: time }];
    },
  };
}

export const optimizers = { sgd, adam, adamW: adam };
