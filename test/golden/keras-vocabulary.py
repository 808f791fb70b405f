"""Writes data/keras-*.json: losses, metrics, optimizers, activations and initializers as Keras computes them.

Run: python keras-vocabulary.py (needs keras and jax). Float32 throughout, as Keras trains; values are written exactly.
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras
import numpy as np

DATA = pathlib.Path(__file__).parent / "data"
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}
rng = np.random.default_rng(11)


def text(x):
    """The fewest digits that read back as the float32."""
    return float(str(np.float32(x))) if np.isfinite(x) else str(float(x))


def listed(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": [text(x) for x in array.reshape(-1)]}


def f32(x):
    return np.asarray(x, dtype="float32")


def write(name, key, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    (DATA / f"keras-{name}.json").write_text(f'{{"versions": {json.dumps(VERSIONS)}, "{key}": [\n{lines}\n]}}\n')
    print(f"keras-{name}.json: {len(cases)} cases")


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# ---- losses: one value a sample, and the gradient of their sum -------------------------------------------------------
def loss_cases():
    k = keras.losses
    logits = f32(rng.standard_normal((6, 4)) * 3)
    wild = f32([[0, 0, 0, 0], [100, -100, 50, 0], [-1e4, 1e4, 0, 3], [30, 30, -30, 29], [-0.0, 1e-8, 2, -2], [88, 89, 90, -90]])
    labels = rng.integers(0, 4, 6)
    one_hot = f32(np.eye(4)[labels])
    soft = f32(softmax(rng.standard_normal((6, 4))))
    p = f32(softmax(logits))
    unnormalised = f32(rng.uniform(0.1, 2, (6, 4)))
    edge = f32([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0.5, 0.5, 0, 0], [1e-9, 1, 0, 0], [0.25, 0.25, 0.25, 0.25]])
    sequence = f32(rng.standard_normal((3, 5, 4)))
    steps = rng.integers(0, 4, (3, 5))
    bits = f32(rng.integers(0, 2, (6, 4)))
    sigma = f32(1 / (1 + np.exp(-logits)))
    inside = f32(rng.uniform(0.05, 0.95, (6, 4)))
    for name, function, options, y, x in [
        ("meanSquaredError", k.mean_squared_error, {}, logits, wild / 10),
        ("meanSquaredError", k.mean_squared_error, {}, sequence, sequence * 2),
        ("binaryCrossentropy", k.binary_crossentropy, {"fromLogits": True}, bits, logits),
        ("binaryCrossentropy", k.binary_crossentropy, {"fromLogits": True}, bits, wild),
        ("binaryCrossentropy", k.binary_crossentropy, {"fromLogits": True}, inside, logits),
        ("binaryCrossentropy", k.binary_crossentropy, {"fromLogits": True, "labelSmoothing": 0.1}, bits, logits),
        ("binaryCrossentropy", k.binary_crossentropy, {}, bits, sigma),
        ("binaryCrossentropy", k.binary_crossentropy, {}, inside, inside[::-1].copy()),
        ("binaryCrossentropy", k.binary_crossentropy, {"labelSmoothing": 0.2}, bits, sigma),
        ("categoricalCrossentropy", k.categorical_crossentropy, {"fromLogits": True}, one_hot, logits),
        ("categoricalCrossentropy", k.categorical_crossentropy, {"fromLogits": True}, one_hot, wild),
        ("categoricalCrossentropy", k.categorical_crossentropy, {"fromLogits": True}, soft, logits),
        ("categoricalCrossentropy", k.categorical_crossentropy, {"fromLogits": True, "labelSmoothing": 0.1}, one_hot, logits),
        ("categoricalCrossentropy", k.categorical_crossentropy, {}, one_hot, p),
        ("categoricalCrossentropy", k.categorical_crossentropy, {}, soft, unnormalised),
        ("categoricalCrossentropy", k.categorical_crossentropy, {"labelSmoothing": 0.3}, one_hot, p),
        ("sparseCategoricalCrossentropy", k.sparse_categorical_crossentropy, {"fromLogits": True}, labels, logits),
        ("sparseCategoricalCrossentropy", k.sparse_categorical_crossentropy, {"fromLogits": True}, labels, wild),
        ("sparseCategoricalCrossentropy", k.sparse_categorical_crossentropy, {"fromLogits": True}, steps, sequence),
        ("sparseCategoricalCrossentropy", k.sparse_categorical_crossentropy, {}, labels, p),
        ("sparseCategoricalCrossentropy", k.sparse_categorical_crossentropy, {}, labels, unnormalised),
        ("binaryCrossentropy", k.binary_crossentropy, {}, bits, edge),
        ("categoricalCrossentropy", k.categorical_crossentropy, {}, one_hot, edge),
        ("sparseCategoricalCrossentropy", k.sparse_categorical_crossentropy, {}, labels, edge),
    ]:
        keyed = {{"fromLogits": "from_logits", "labelSmoothing": "label_smoothing"}[o]: v for o, v in options.items()}

        def per_sample(x):
            values = function(jnp.asarray(y), x, **keyed)
            return values.reshape(values.shape[0], -1).mean(-1)

        case = {"loss": name, "options": options, "yTrue": listed(y), "yPred": listed(x), "values": listed(per_sample(jnp.asarray(x)))}
        # At the bounds of a clip JAX halves the gradient, so edges have values only.
        if x is not edge:
            case["gradient"] = listed(jax.grad(lambda x: per_sample(x).sum())(jnp.asarray(x)))
        yield case


# ---- optimizers: 20 steps with given gradients ------------------------------------------------------------------------
STEPS = 20


def optimizer_cases():
    o = keras.optimizers
    start = [f32(rng.standard_normal((3, 2))), f32(rng.standard_normal(5) * 10)]
    grads = [[f32(rng.standard_normal(w.shape) * 10.0 ** rng.integers(-3, 2)) for w in start] for _ in range(STEPS)]
    names = {"learningRate": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "clipValue": "clipvalue",
             "clipNorm": "clipnorm", "globalClipNorm": "global_clipnorm", "weightDecay": "weight_decay"}
    for name, make, options in [
        ("sgd", o.SGD, {}),
        ("sgd", o.SGD, {"learningRate": 0.1, "momentum": 0.9}),
        ("sgd", o.SGD, {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}),
        ("sgd", o.SGD, {"learningRate": 0.1, "clipValue": 0.5}),
        ("sgd", o.SGD, {"learningRate": 0.1, "clipNorm": 1.0}),
        ("sgd", o.SGD, {"learningRate": 0.1, "globalClipNorm": 1.0}),
        ("rmsprop", o.RMSprop, {}),
        ("rmsprop", o.RMSprop, {"learningRate": 0.01, "rho": 0.8, "epsilon": 1e-3}),
        ("rmsprop", o.RMSprop, {"learningRate": 0.01, "momentum": 0.9}),
        ("rmsprop", o.RMSprop, {"learningRate": 0.01, "centered": True}),
        ("rmsprop", o.RMSprop, {"learningRate": 0.01, "centered": True, "momentum": 0.5}),
        ("adam", o.Adam, {}),
        ("adam", o.Adam, {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4}),
        ("adam", o.Adam, {"learningRate": 0.01, "amsgrad": True}),
        ("adam", o.Adam, {"learningRate": 0.01, "globalClipNorm": 0.5}),
        ("sgd", o.SGD, {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.1}),
        ("rmsprop", o.RMSprop, {"learningRate": 0.01, "weightDecay": 0.1}),
        ("adam", o.Adam, {"learningRate": 0.01, "weightDecay": 0.1}),
        ("adamW", o.AdamW, {}),
        ("adamW", o.AdamW, {"learningRate": 0.01, "weightDecay": 0.5}),
        ("adamW", o.AdamW, {"learningRate": 0.01, "amsgrad": True, "beta1": 0.8, "weightDecay": 0.05}),
        ("adamW", o.AdamW, {"learningRate": 0.01, "globalClipNorm": 0.5}),
    ]:
        variables = [keras.Variable(w) for w in start]
        optimizer = make(**{names.get(key, key): value for key, value in options.items()})
        trajectory = []
        for step in grads:
            optimizer.apply(step, variables)
            trajectory.append([listed(v) for v in variables])
        state = [listed(v) for v in optimizer.variables[2:]]
        yield {"optimizer": name, "options": options, "trajectory": trajectory, "state": state}
    yield {"start": [listed(w) for w in start], "grads": [[listed(g) for g in step] for step in grads]}


# ---- metrics: three batches, the last smaller ------------------------------------------------------------------------
def metric_cases():
    m = keras.metrics

    def batches(y, p, weighted):
        cuts = [(0, 4), (4, 8), (8, 10)]
        weights = f32(rng.uniform(0, 2, 10)) if weighted else None
        return [(y[a:b], p[a:b], None if weights is None else weights[a:b]) for a, b in cuts]

    labels = rng.integers(0, 5, 10)
    scores = f32(rng.standard_normal((10, 5)))
    scores[3, labels[3]] = 9
    scores[5] = 1  # a tie: the first class counts
    scores[7, labels[7]] = 9
    bits = f32(rng.integers(0, 2, (10, 1)))
    p = f32(rng.uniform(0, 1, (10, 1)))
    p[2] = 0.5  # not above the threshold
    multi, multi_p = f32(rng.integers(0, 2, (10, 3))), f32(rng.uniform(0, 1, (10, 3)))
    sequence, sequence_p = rng.integers(0, 4, (10, 6)), f32(rng.standard_normal((10, 6, 4)))
    for name, make, options, y, x in [
        ("binaryAccuracy", m.BinaryAccuracy, {}, bits, p),
        ("binaryAccuracy", m.BinaryAccuracy, {"threshold": 0.3}, bits, p),
        ("binaryAccuracy", m.BinaryAccuracy, {}, multi, multi_p),
        ("categoricalAccuracy", m.CategoricalAccuracy, {}, f32(np.eye(5)[labels]), scores),
        ("sparseCategoricalAccuracy", m.SparseCategoricalAccuracy, {}, labels, scores),
        ("sparseCategoricalAccuracy", m.SparseCategoricalAccuracy, {}, labels[:, None], scores),
        ("sparseCategoricalAccuracy", m.SparseCategoricalAccuracy, {}, sequence, sequence_p),
        ("meanSquaredError", m.MeanSquaredError, {}, multi, multi_p),
        ("meanAbsoluteError", m.MeanAbsoluteError, {}, multi, multi_p),
    ]:
        for weighted in (False, True):
            if weighted and y is sequence:
                continue  # Keras wants a weight for each step there
            metric = make(**options)
            out = []
            given = batches(y, x, weighted)
            for yb, pb, w in given:
                metric.update_state(yb, pb, sample_weight=w)
                out.append(float(metric.result()))
            yield {"metric": name, "options": options, "results": out,
                   "batches": [{"yTrue": listed(a), "yPred": listed(b), "weight": None if w is None else listed(w)} for a, b, w in given]}


def accuracy_cases():
    """Which metric "accuracy" stands for, by the shapes of labels and outputs."""
    from keras.src.trainers.compile_utils import get_metric

    for target, output in [((8, 1), (8, 1)), ((8,), (8, 1)), ((8, 5), (8, 5)), ((8,), (8, 5)), ((8, 1), (8, 5)), ((8, 3), (8, 3)),
                           ((8, 6), (8, 6, 4)), ((8, 6, 1), (8, 6, 4)), ((8, 6, 4), (8, 6, 4)), ((8, 6, 1), (8, 6, 1))]:
        got = get_metric("accuracy", np.zeros(target), np.zeros(output))
        yield {"targetShape": target, "outputShape": output, "className": type(got).__name__}


# ---- activations: values, and the gradient of their sum weighted by i + 1 ---------------------------------------------
def activation_cases():
    a = keras.activations
    x = f32(np.concatenate([[0, -0.0, 1, -1, 0.5, -0.5, 20, -20, 100, -100, 1e-6, -1e-6], rng.standard_normal(12) * 4])).reshape(4, 6)
    w = np.arange(1, 25, dtype="float32").reshape(4, 6)
    for name, function in [("linear", a.linear), ("sigmoid", a.sigmoid), ("tanh", a.tanh), ("relu", a.relu),
                           ("leakyRelu", a.leaky_relu), ("silu", a.silu), ("softmax", a.softmax),
                           ("gelu", lambda x: a.gelu(x, approximate=False)), ("geluApproximate", lambda x: a.gelu(x, approximate=True))]:
        yield {"activation": name, "x": listed(x), "y": listed(function(jnp.asarray(x))),
               "gradient": listed(jax.grad(lambda x: (function(x) * w).sum())(jnp.asarray(x)))}


# ---- initializers: the distribution's parameters, measured on many values ---------------------------------------------
def initializer_cases():
    i = keras.initializers
    from keras.src.initializers.random_initializers import compute_fans

    for name, make, options in [
        ("randomNormal", i.RandomNormal, {}), ("randomNormal", i.RandomNormal, {"mean": 1.0, "stddev": 0.5}),
        ("randomUniform", i.RandomUniform, {}), ("truncatedNormal", i.TruncatedNormal, {}),
        ("glorotUniform", i.GlorotUniform, {}), ("glorotNormal", i.GlorotNormal, {}), ("heUniform", i.HeUniform, {}),
        ("heNormal", i.HeNormal, {}), ("lecunUniform", i.LecunUniform, {}), ("lecunNormal", i.LecunNormal, {}),
    ]:
        for shape in [(300, 200), (3, 3, 40, 100), (30000,)]:
            values = np.asarray(make(**options, seed=3)(shape), dtype="float64")
            yield {"initializer": name, "options": options, "shape": shape, "fans": list(compute_fans(shape)),
                   "mean": values.mean(), "std": values.std(), "min": values.min(), "max": values.max()}


# ---- configurations, as Keras writes them ------------------------------------------------------------------------------
def config_cases():
    keras.utils.clear_session()  # names count from the start
    l, o, i = keras.layers, keras.optimizers, keras.initializers
    k, m = keras.losses, keras.metrics
    objects = [
        l.Dense(3, activation="relu", name="first", kernel_initializer="he_normal"), l.Dense(2, use_bias=False, activation="leaky_relu"),
        l.Activation("softmax"), l.Flatten(), l.Reshape((2, -1)), l.Dropout(0.25, seed=3), l.InputLayer(shape=(28, 28, 1)),
        o.SGD(momentum=0.5, nesterov=True), o.RMSprop(centered=True), o.Adam(clipnorm=1.0, amsgrad=True),
        o.AdamW(weight_decay=0.01),
        k.MeanSquaredError(), k.BinaryCrossentropy(from_logits=True), k.CategoricalCrossentropy(label_smoothing=0.5),
        k.SparseCategoricalCrossentropy(from_logits=True),
        m.BinaryAccuracy(threshold=0.25), m.CategoricalAccuracy(), m.SparseCategoricalAccuracy(), m.MeanSquaredError(), m.MeanAbsoluteError(name="x"),
        i.Zeros(), i.Ones(), i.Constant(0.5), i.RandomNormal(stddev=2.0), i.RandomUniform(minval=-1.0), i.TruncatedNormal(seed=5),
        i.GlorotUniform(), i.GlorotNormal(), i.HeUniform(), i.HeNormal(seed=1), i.LecunUniform(), i.LecunNormal(),
    ]
    for each in objects:
        yield keras.saving.serialize_keras_object(each)


write("losses", "cases", list(loss_cases()))
write("optimizers", "cases", list(optimizer_cases()))
write("metrics", "cases", list(metric_cases()))
write("accuracy", "cases", list(accuracy_cases()))
write("activations", "cases", list(activation_cases()))
write("initializers", "cases", list(initializer_cases()))
write("configs", "cases", list(config_cases()))
