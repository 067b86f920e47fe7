"""What finds annotations: one module a way of writing them, each with a function (text, view) → notes."""
