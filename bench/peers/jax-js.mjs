import { normal } from "../data.mjs";
import { paced } from "../pace.mjs";

export const packages = ["@jax-js/jax"];

const activations = {
  relu: (jax, x) => jax.nn.relu(x),
  sigmoid: (jax, x) => jax.nn.sigmoid(x),
  linear: (_, x) => x,
};

const losses = {
  meanSquaredError: ({ numpy }, output, y) => {
    const error = output.sub(y);
    return numpy.mean(error.ref.mul(error));
  },
  softmaxCrossEntropy: ({ nn, numpy }, output, y) => {
    const rows = y.shape[0];
    return numpy.sum(nn.logSoftmax(output, -1).mul(y)).mul(-1 / rows);
  },
};

const optimizers = {
  // v = momentum v - lr g; p = p + v
  sgd: ({ numpy: np }, { learningRate, momentum }) => ({
    init: (params) => params.map((p) => np.zeros(p.shape)),
    update: (params, velocities, grads) => {
      const next = velocities.map((v, i) => v.mul(momentum).sub(grads[i].mul(learningRate)));
      return [params.map((p, i) => p.add(next[i].ref)), next];
    },
  }),
  // m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g g; p = p - lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps)
  adam: ({ numpy: np }, { learningRate, beta1, beta2, epsilon }) => ({
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
      const next = params.map((p, i) => p.sub(first[i].ref.mul(rate.ref).div(np.sqrt(second[i].ref).add(epsilon))));
      rate.dispose();
      return [next, { m: first, v: second, t: time }];
    },
  }),
};

export function lacks(workload) {
  return losses[workload.loss] && optimizers[workload.optimizer.name] ? undefined : "no such loss or optimizer here";
}

function makeParameters(np, { inputs, layers }) {
  const gauss = normal(4);
  let fanIn = inputs;
  return layers.flatMap(({ units }) => {
    const weights = Float32Array.from({ length: fanIn * units }, () => gauss() * Math.sqrt(2 / fanIn));
    const layer = [np.array(weights).reshape([fanIn, units]), np.zeros([units])];
    fanIn = units;
    return layer;
  });
}

function makeLoss(jax, workload) {
  const { layers } = workload.net;
  return (params, x, y) => {
    let output = x;
    layers.forEach(({ activation }, i) => {
      const sum = jax.numpy.matmul(output, params[2 * i]).add(params[2 * i + 1]);
      output = activations[activation](jax, sum);
    });
    return losses[workload.loss](jax, output, y);
  };
}

function makeBatches(np, { batch }, data) {
  return Array.from({ length: data.examples / batch }, (_, i) => {
    const rows = (values, width) =>
      np.array(values.slice(i * batch * width, (i + 1) * batch * width)).reshape([batch, width]);
    return { x: rows(data.x, data.features), y: rows(data.y, data.outputs) };
  });
}

/** The whole step (loss, gradients, optimizer) is one jitted function. */
export async function open(workload, data) {
  const jax = await import("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const { numpy: np, jit, tree, valueAndGrad } = jax;
  const lossOf = makeLoss(jax, workload);
  const optimizer = optimizers[workload.optimizer.name](jax, workload.optimizer);
  const lossAndGrad = valueAndGrad(lossOf);
  const step = jit((params, state, x, y) => {
    const [loss, grads] = lossAndGrad(tree.ref(params), x, y);
    const [nextParams, nextState] = optimizer.update(params, state, grads);
    return [nextParams, nextState, loss];
  });
  const batches = makeBatches(np, workload, data);
  let params = makeParameters(np, workload.net);
  let state = optimizer.init(params);
  let next = 0;

  const run = async (steps) => {
    for (let i = 0; i < steps; i++) {
      const { x, y } = batches[next];
      next = (next + 1) % batches.length;
      let loss;
      [params, state, loss] = step(params, state, x.ref, y.ref);
      // Reading every loss is its fast way: left to queue, the steps run many times slower.
      await loss.data();
    }
  };
  const loss = async () => (await lossOf(tree.ref(params), batches[0].x.ref, batches[0].y.ref).data())[0];
  return { setting: "wasm, jit", train: paced(workload.batch, run), loss };
}
