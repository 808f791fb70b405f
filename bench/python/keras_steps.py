"""The work of keras_peer.py, which sets the backend before Keras is imported here: fit with as many steps in one call."""

import keras
import numpy as np

from peer import Lacks, Session, paced

LOSSES = {
    "softmaxCrossEntropy": lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    "meanSquaredError": keras.losses.MeanSquaredError,
}


def transformer_block(x, layer):
    """x = x + attention(norm(x)); x = x + dense(relu(dense(norm(x))))"""
    width = x.shape[-1]
    normed = keras.layers.LayerNormalization()(x)
    x = x + keras.layers.MultiHeadAttention(layer["numHeads"], layer["keyDim"])(normed, normed)
    normed = keras.layers.LayerNormalization()(x)
    return x + keras.layers.Dense(width)(keras.layers.Dense(layer["feedForward"], activation="relu")(normed))


LAYERS = {
    "dense": lambda x, o: keras.layers.Dense(o["units"], activation=o["activation"])(x),
    "conv2d": lambda x, o: keras.layers.Conv2D(o["filters"], o["kernelSize"], activation=o["activation"])(x),
    "maxPooling2d": lambda x, o: keras.layers.MaxPooling2D(o["poolSize"])(x),
    "flatten": lambda x, o: keras.layers.Flatten()(x),
    "lstm": lambda x, o: keras.layers.LSTM(o["units"])(x),
    "embedding": lambda x, o: keras.layers.Embedding(o["inputDim"], o["outputDim"])(x),
    "transformerBlock": transformer_block,
    "globalAveragePooling1d": lambda x, o: keras.layers.GlobalAveragePooling1D()(x),
}


def make_net(net):
    x = inputs = keras.Input(net["inputShape"], dtype="int32" if net.get("integers") else "float32")
    for layer in net["layers"]:
        if layer["type"] not in LAYERS:
            raise Lacks(f"no {layer['type']} here")
        x = LAYERS[layer["type"]](x, layer)
    return keras.Model(inputs, x)


def make_optimizer(options):
    rate = options["learningRate"]
    if options["name"] == "sgd":
        return keras.optimizers.SGD(rate, momentum=options["momentum"])
    shared = {"beta_1": options["beta1"], "beta_2": options["beta2"], "epsilon": options["epsilon"]}
    if options["name"] == "adam":
        return keras.optimizers.Adam(rate, **shared)
    return keras.optimizers.AdamW(rate, weight_decay=options["weightDecay"], **shared)


def training(workload, data, backend):
    batch = workload["batch"]
    per_epoch = data.examples // batch
    together = max(count for count in range(1, 11) if per_epoch % count == 0)
    target = data.y if data.labels is None else data.labels
    net = make_net(workload["net"])

    def run(steps):
        # Less than an epoch is a fit on as many rows; a call of fewer steps than `together` would be compiled anew.
        part = min(-(-steps // together) * together, per_epoch)
        epochs = max(1, round(steps / part))
        net.fit(data.x[: part * batch], target[: part * batch], batch, epochs, verbose=0, shuffle=False)
        return epochs * part

    def way(jit_compile, together):
        def use():
            net.compile(
                make_optimizer(workload["optimizer"]),
                LOSSES[workload["loss"]](),
                jit_compile=jit_compile,
                steps_per_execution=together,
            )
            return paced(batch, run)

        return use

    many = f"steps_per_execution {together}"
    ways = {"fit, jit": way(True, 1), f"fit, jit, {many}": way(True, together)}
    if backend == "tensorflow":
        ways[f"fit, graph, {many}"] = way(False, together)

    def loss():
        return float(net.evaluate(data.x[:batch], target[:batch], batch, verbose=0))

    return Session(ways, loss)


def compiled(call, backend):
    if backend == "jax":
        import jax

        return jax.jit(call)
    import tensorflow

    return tensorflow.function(call, jit_compile=True)


def prediction(workload, data, backend):
    net = make_net(workload["net"])
    rows = [data.x[i : i + 1].reshape(1, *workload["net"]["inputShape"]) for i in range(data.examples)]

    def way(make):
        def use():
            forward = make()

            def run(times):
                for i in range(times):
                    np.asarray(forward(rows[i % len(rows)]))

            return paced(1, run)

        return use

    return Session(
        {
            "predict_on_batch": way(lambda: net.predict_on_batch),
            "jitted call": way(lambda: compiled(lambda x: net(x, training=False), backend)),
        }
    )


def product(data, backend):
    a, b = (keras.ops.convert_to_tensor(array) for array in (data.x, data.y))
    multiply = compiled(keras.ops.matmul, backend)

    def run(times):
        for _ in range(times):
            out = multiply(a, b)
            if hasattr(out, "block_until_ready"):
                out.block_until_ready()

    return Session({"jitted matmul": lambda: paced(1, run)})


def open(workload, data, backend):
    keras.utils.set_random_seed(0)
    if workload["task"] == "product":
        return product(data, backend)
    if workload["task"] == "predict":
        return prediction(workload, data, backend)
    return training(workload, data, backend)
