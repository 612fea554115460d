"""The reference: NumPy parts that rebuild the MNIST model, and the Keras model itself."""
