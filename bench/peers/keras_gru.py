"""The post's network and training step in Keras on TensorFlow: keras_gru.py DATA_FOLDER default|xla"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
from keras import layers  # noqa: E402
from worker import Mnist, serve  # noqa: E402


class Keras:
    def __init__(self, data, **compile_options):
        self.data = data
        self.compile_options = compile_options

    def build(self, num_layers, num_hidden, batch_size):
        self.batch_size = batch_size
        self.model = keras.Sequential([keras.Input((28, 28))])
        for i in range(num_layers):
            self.model.add(layers.GRU(num_hidden, return_sequences=i < num_layers - 1))
            self.model.add(layers.Dropout(0.5))
        self.model.add(layers.Dense(10))
        self.model.compile(
            optimizer=keras.optimizers.RMSprop(learning_rate=0.001, rho=0.9),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            **self.compile_options,
        )

    def step(self):
        loss, _ = self.model.train_on_batch(*self.data.next_batch(self.batch_size))
        return float(loss)

    def classify(self):
        return self.model.predict(self.data.test_images, batch_size=1000, verbose=0).argmax(1)


serve(Keras(Mnist(sys.argv[1]), **({"jit_compile": True} if sys.argv[2] == "xla" else {})))
