import { paced } from "../pace.mjs";
import { inputsOf, lacksLayer, makeNet } from "./jax-js/net.mjs";
import { optimizers } from "./jax-js/optimizers.mjs";

export const packages = ["@jax-js/jax"];
export const lacks = lacksLayer;

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

function makeBatches(np, { batch, net }, data) {
  return Array.from({ length: data.examples / batch }, (_, i) => {
    const rows = (values, width) => values.slice(i * batch * width, (i + 1) * batch * width);
    return {
      x: inputsOf(np, net, rows(data.x, data.features), batch),
      y: np.array(rows(data.y, data.outputs)).reshape([batch, data.outputs]),
    };
  });
}

/** The whole step (loss, gradients, optimizer) is one jitted function. */
function openTraining(jax, workload, data) {
  const { numpy: np, jit, tree, valueAndGrad } = jax;
  const { weights, forward } = makeNet(jax, workload.net);
  const lossOf = (params, x, y) => losses[workload.loss](jax, forward(params, x), y);
  const optimizer = optimizers[workload.optimizer.name](jax, workload.optimizer);
  const lossAndGrad = valueAndGrad(lossOf);
  const step = jit((params, state, x, y) => {
    const [loss, grads] = lossAndGrad(tree.ref(params), x, y);
    const [nextParams, nextState] = optimizer.update(params, state, grads);
    return [nextParams, nextState, loss];
  });
  const batches = makeBatches(np, workload, data);
  let params = weights;
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
  return { setting: "wasm, jit", work: paced(workload.batch, run), loss };
}

function openPrediction({ numpy: np, jit, tree, ...jax }, { net }, data) {
  const { weights, forward } = makeNet({ numpy: np, jit, tree, ...jax }, net);
  const call = jit(forward);
  const rows = Array.from({ length: data.examples }, (_, i) =>
    data.x.slice(i * data.features, (i + 1) * data.features),
  );
  const run = (times) => {
    for (let i = 0; i < times; i++) call(tree.ref(weights), inputsOf(np, net, rows[i % rows.length], 1)).dataSync();
  };
  return { setting: "wasm, jit, dataSync", work: paced(1, run) };
}

function openProduct({ numpy: np }, { side }, data) {
  const [a, b] = [data.x, data.y].map((values) => np.array(values).reshape([side, side]));
  const run = async (times) => {
    for (let i = 0; i < times; i++) {
      const product = np.matmul(a.ref, b.ref);
      await product.blockUntilReady();
      product.dispose();
    }
  };
  return { setting: "wasm", work: paced(1, run) };
}

const tasks = { train: openTraining, predict: openPrediction, product: openProduct };

export async function open(workload, data) {
  const jax = await import("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return tasks[workload.task](jax, workload, data);
}

export function bundle() {
  return {
    root: new URL("../", import.meta.url),
    page: `
      import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
      await init("wasm");
      defaultDevice("wasm");
      const loss = ([w1, b1, w2, b2], x, y) => {
        const hidden = nn.relu(np.matmul(x, w1).add(b1));
        return np.sum(nn.logSoftmax(np.matmul(hidden, w2).add(b2), -1).mul(y)).mul(-1 / 32);
      };
      const lossAndGrad = valueAndGrad(loss);
      export const step = jit((params, moments, squares, rate, x, y) => {
        const [value, grads] = lossAndGrad(tree.ref(params), x, y);
        const m = moments.map((a, i) => a.mul(0.9).add(grads[i].ref.mul(0.1)));
        const v = squares.map((a, i) => a.mul(0.999).add(grads[i].ref.mul(grads[i]).mul(0.001)));
        const next = params.map((p, i) => p.sub(m[i].ref.mul(rate.ref).div(np.sqrt(v[i].ref).add(1e-7))));
        return [next, m, v, value];
      });`,
  };
}
