"""Checks and solutions as strangers write them for stock nbgrader: what passes there passes here."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbgrader
import pytest
from nbgrader.api import Gradebook

from autograder import cli, cluster, course, executor, notebook, tester, wall

# The reference gets every point, the released stub none
ORDINARY = {
    "function": """
#: solution
def squares(n):
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i ** 2 for i in range(1, n + 1)]
#: check 1
assert squares(1) == [1]
assert squares(3) == [1, 4, 9]
#: check 2
try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("did not raise")
""",
    "function calling another": """
#: solution
def squares(n):
    return [i ** 2 for i in range(1, n + 1)]
#: solution
def sum_of_squares(n):
    return sum(squares(n))
#: check 1
assert sum_of_squares(10) == 385
#: check 1
original = squares
del squares
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use squares")
finally:
    squares = original
#: check 1
assert squares(2) == [1, 4]
""",
    "numpy arrays of several dtypes": """
#: locked
import numpy as np
#: solution
def cast(kind):
    return np.array([0, 1, 2]).astype(kind)
#: check 1
for kind in ("int8", "uint16", "int64", "float16", "float32", "float64", "complex64", "bool", "U3", "S2", ">f4"):
    a = cast(kind)
    assert isinstance(a, np.ndarray)
    assert a.dtype == np.dtype(kind), (a.dtype, kind)
    assert a.shape == (3,)
""",
    "numpy testing": """
#: locked
import numpy as np
from numpy.testing import assert_allclose, assert_array_equal
#: solution
def centre(a, axis=0):
    return a - a.mean(axis=axis, keepdims=True)
#: check 1
a = np.random.default_rng(1).normal(size=(4, 3))
assert_allclose(centre(a).sum(axis=0), 0, atol=1e-12)
assert_allclose(centre(a, axis=1).sum(axis=1), 0, atol=1e-12)
assert_array_equal(centre(np.ones((2, 2))), np.zeros((2, 2)))
""",
    "numpy scalars and empty arrays": """
#: locked
import numpy as np
#: solution
def largest(a):
    return np.max(a)
def none():
    return np.array([])
def words():
    return np.array(["a", ""])[1]
when = np.datetime64("2024-02-03")
#: check 1
assert isinstance(largest(np.array([1.5, 2])), np.floating)
assert largest([1, 2]) == 2
assert none().size == 0 and none().shape == (0,)
assert words() == ""
assert when + np.timedelta64(1, "D") == np.datetime64("2024-02-04")
""",
    "variables": """
#: solution
name = "Ada"
age = 36
ratio = 0.5
flags = [True, False]
nothing = None
point = (1, 2)
ages = {"ada": 36, "ben": 4}
letters = {"a", "b"}
z = 3 + 4j
raw = b"abc"
big = 2 ** 200
span = range(3)
#: check 1
assert name == "Ada" and isinstance(name, str)
assert age == 36 and type(age) is int
assert abs(ratio - 0.5) < 1e-9
assert flags == [True, False] and flags[0] is True
assert nothing is None
assert point == (1, 2) and isinstance(point, tuple)
assert ages["ada"] == 36 and sorted(ages) == ["ada", "ben"]
assert letters == {"b", "a"}
assert abs(z) == 5 and raw == b"abc" and big == 2 ** 200 and list(span) == [0, 1, 2]
""",
    "class": """
#: solution
class Account:
    rate = 0.1
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount
        return self.balance
    @property
    def rich(self):
        return self.balance > 1000
    @staticmethod
    def bank():
        return "B"
    @classmethod
    def empty(cls, owner):
        return cls(owner)
#: check 1
a = Account("ada", balance=10)
assert a.owner == "ada"
assert a.deposit(5) == 15
assert a.balance == 15
assert not a.rich
assert Account.bank() == "B" and Account.rate == 0.1
assert Account.empty("x").balance == 0
assert hasattr(a, "deposit") and not hasattr(a, "withdraw")
#: check 1
try:
    a.deposit(-1)
    assert False, "no error"
except ValueError as e:
    assert str(e) == "amount must be positive"
assert a.balance == 15
""",
    "dunder methods": """
#: solution
class Vector:
    def __init__(self, *xs):
        self.xs = list(xs)
    def __repr__(self):
        return f"Vector({', '.join(map(str, self.xs))})"
    def __str__(self):
        return f"<{self.xs}>"
    def __len__(self):
        return len(self.xs)
    def __getitem__(self, i):
        return self.xs[i]
#: check 1
v = Vector(1, 2, 3)
assert repr(v) == "Vector(1, 2, 3)"
assert str(v) == "<[1, 2, 3]>"
assert f"{v}" == "<[1, 2, 3]>"
assert len(v) == 3
assert v[0] == 1
assert v.__len__() == 3
""",
    "inheritance": """
#: solution
class Animal:
    def speak(self):
        return "..."
class Dog(Animal):
    def speak(self):
        return "Woof"
#: check 1
d = Dog()
assert d.speak() == "Woof"
assert isinstance(d, Animal)
assert isinstance(d, Dog)
assert not isinstance(Animal(), Dog)
assert issubclass(Dog, Animal)
assert not isinstance(3, Animal)
""",
    "attribute set by the check": """
#: solution
class Counter:
    def __init__(self):
        self.n = 0
    def tick(self):
        self.n += 1
#: check 1
c = Counter()
c.n = 41
c.tick()
assert c.n == 42
""",
    "own exception": """
#: locked
import pytest
#: solution
class InsufficientFunds(Exception):
    pass
def withdraw(balance, amount):
    if amount > balance:
        raise InsufficientFunds(f"only {balance}")
    return balance - amount
#: check 1
assert issubclass(InsufficientFunds, Exception)
with pytest.raises(InsufficientFunds):
    withdraw(1, 2)
try:
    withdraw(1, 2)
except InsufficientFunds as e:
    assert "only 1" in str(e)
else:
    raise AssertionError
""",
    "exceptions": """
#: locked
import pytest
#: solution
def lookup(d, k):
    return d[k]
def parse(s):
    return int(s)
def leave():
    raise SystemExit(2)
def pick(l, i):
    return l[i]
def typed(x):
    if not isinstance(x, int):
        raise TypeError("x must be an int, got %r" % (x,))
    return x
#: check 1
with pytest.raises(KeyError) as caught:
    lookup({}, "k")
assert caught.value.args[0] == "k"
assert str(caught.value) == "'k'"
with pytest.raises(ValueError, match="invalid literal"):
    parse("x")
with pytest.raises(IndexError):
    pick([], 0)
with pytest.raises((TypeError, ValueError)):
    typed("a")
#: check 1
with pytest.raises(SystemExit):
    leave()
""",
    "numpy exceptions": """
#: locked
import numpy as np
#: solution
def invert(a):
    return np.linalg.inv(a)
def stack(a, b):
    return np.vstack([a, b])
def mean(a, axis):
    return a.mean(axis)
#: check 1
try:
    invert(np.zeros((2, 2)))
    raise AssertionError
except np.linalg.LinAlgError:
    pass
try:
    stack(np.ones(2), np.ones(3))
    raise AssertionError
except ValueError:
    pass
try:
    mean(np.ones(2), 5)
    raise AssertionError
except np.exceptions.AxisError:
    pass
""",
    "printing": """
#: locked
import io
from contextlib import redirect_stdout
#: solution
def greet(name):
    print("Hello,", name)
def noisy():
    import sys
    print("careful", file=sys.stderr)
    return 1
#: check 1
out = io.StringIO()
with redirect_stdout(out):
    greet("Ada")
assert out.getvalue() == "Hello, Ada\\n"
#: check 1
assert noisy() == 1
""",
    "input replaced": """
#: solution
def ask(read):
    return "Hi " + read("name? ")
#: check 1
assert ask(lambda prompt: "Ada") == "Hi Ada"
""",
    "helper in a locked cell": """
#: solution
def f(x):
    return x + 1
#: locked
def check_function(n):
    return all(f(i) == i + 1 for i in range(n))
#: check 1
assert check_function(5)
""",
    "helper class in a check": """
#: solution
def area(shape):
    return shape["w"] * shape["h"]
#: check 1
def check(w, h):
    got = area({"w": w, "h": h})
    assert got == w * h, f"area({w}, {h}) is {got}"
for w in range(3):
    check(w, 2)
class Case:
    def run(self):
        return area({"w": 1, "h": 1})
assert Case().run() == 1
""",
    "partial credit": """
#: solution
def f(x):
    return x
#: check 4
score = 0
for x in (1, 2):
    if f(x) == x:
        score += 2
score
""",
    "unittest": """
#: locked
import unittest
#: solution
def double(x):
    return 2 * x
#: check 1
tc = unittest.TestCase()
tc.assertEqual(double(2), 4)
tc.assertAlmostEqual(double(0.1), 0.2)
with tc.assertRaises(TypeError):
    double(None)
""",
    "seeded random": """
#: locked
import random
import numpy as np
#: solution
def roll():
    return random.randint(1, 6)
def noise(n):
    return np.random.normal(size=n)
#: check 1
random.seed(3)
expected = [random.randint(1, 6) for _ in range(5)]
random.seed(3)
assert [roll() for _ in range(5)] == expected
#: check 1
np.random.seed(0)
a = noise(3)
np.random.seed(0)
assert np.allclose(a, noise(3))
np.random.seed(0)
assert np.allclose(a, np.random.normal(size=3))
assert not np.allclose(a, noise(3))
""",
    "generator as argument": """
#: locked
import numpy as np
#: solution
def sample(rng, n):
    return rng.integers(0, 100, size=n)
#: check 1
assert (sample(np.random.default_rng(1), 5) == np.random.default_rng(1).integers(0, 100, size=5)).all()
#: check 1
rng = np.random.default_rng(1)
a, b = sample(rng, 5), sample(rng, 5)
again = np.random.default_rng(1)
assert (a == again.integers(0, 100, size=5)).all()
assert (b == again.integers(0, 100, size=5)).all()
""",
    "recursion": """
#: solution
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
#: check 1
assert [fib(i) for i in range(10)] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
assert depth(900) == 900
""",
    "generators": """
#: locked
import itertools
#: solution
def countdown(n):
    while n:
        yield n
        n -= 1
def naturals():
    n = 0
    while True:
        yield n
        n += 1
def evens(xs):
    return filter(lambda x: x % 2 == 0, xs)
def pairs(a, b):
    return zip(a, b)
#: check 1
assert list(countdown(3)) == [3, 2, 1]
assert sum(countdown(4)) == 10
assert list(evens(range(6))) == [0, 2, 4]
assert dict(pairs("ab", [1, 2])) == {"a": 1, "b": 2}
#: check 1
g = countdown(2)
assert next(g) == 2
assert next(g) == 1
try:
    next(g)
    raise AssertionError
except StopIteration:
    pass
#: check 1
assert list(itertools.islice(naturals(), 4)) == [0, 1, 2, 3]
for i, n in enumerate(naturals()):
    assert i == n
    if i > 5:
        break
""",
    "functions as arguments": """
#: locked
import math
import numpy as np
#: solution
def apply_twice(f, x):
    return f(f(x))
def integrate(f, a, b, n=100):
    xs = np.linspace(a, b, n + 1)
    return float(np.trapezoid(f(xs), xs))
def compose(f, g):
    return lambda x: f(g(x))
def sort_by(xs, key=None):
    return sorted(xs, key=key)
#: check 1
assert apply_twice(lambda x: x + 1, 3) == 5
assert apply_twice(math.sqrt, 16) == 2
assert abs(integrate(np.sin, 0, np.pi) - 2) < 1e-3
assert abs(integrate(lambda x: x ** 2, 0, 1, n=1000) - 1 / 3) < 1e-3
def inc(x):
    return x + 1
assert compose(inc, inc)(1) == 3
assert compose(str, abs)(-3) == "3"
assert sort_by(["bb", "a"], key=len) == ["a", "bb"]
assert sort_by([3, 1], key=lambda x: -x) == [3, 1]
""",
    "call-back that calls the student": """
#: solution
def f(x):
    return x + 1
def apply(g, x):
    return g(x)
#: check 1
assert apply(lambda x: f(x) * 2, 3) == 8
assert apply(f, 3) == 4
""",
    "call-back that raises": """
#: locked
import pytest
#: solution
def safe(f):
    try:
        return f()
    except ZeroDivisionError:
        return None
def careless(f):
    return f()
#: check 1
assert safe(lambda: 1 / 0) is None
#: check 1
with pytest.raises(KeyError):
    careless(lambda: {}["x"])
""",
    "call-back over objects": """
#: solution
class Person:
    def __init__(self, name, age):
        self.name, self.age = name, age
def oldest(people, key):
    return max(people, key=key)
#: check 1
people = [Person("a", 3), Person("b", 7)]
assert oldest(people, key=lambda p: p.age).name == "b"
assert oldest(people, lambda p: -p.age) is people[0]
""",
    "decorators": """
#: solution
import functools
def counted(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)
    wrapper.calls = 0
    return wrapper
#: check 1
@counted
def hello(name, end="!"):
    return name + end
assert hello("a") == "a!"
assert hello("a", end="?") == "a?"
assert hello.calls == 2
""",
    "warnings": """
#: locked
import warnings
import numpy as np
import pytest
#: solution
def old():
    warnings.warn("use new", DeprecationWarning)
    return 1
def log(x):
    return np.log(x)
#: check 1
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert old() == 1
assert len(caught) == 1 and issubclass(caught[0].category, DeprecationWarning)
assert "use new" in str(caught[0].message)
#: check 1
with pytest.warns(RuntimeWarning):
    log(np.array([0.0]))
with np.errstate(divide="ignore"):
    log(np.array([0.0]))
""",
    "works in place": """
#: locked
import numpy as np
#: solution
def remove_all(xs, x):
    while x in xs:
        xs.remove(x)
def bump(d, key):
    d[key] = d.get(key, 0) + 1
def zero(a):
    a[:] = 0
class Tools:
    def reverse(self, xs):
        xs.reverse()
#: check 1
xs = [1, 2, 1]
assert remove_all(xs, 1) is None
assert xs == [2]
d = {}
bump(d, "a"); bump(d, "a")
assert d == {"a": 2}
a = np.ones(3)
zero(a)
assert not a.any()
#: check 1
ys = [1, 2]
Tools().reverse(ys)
assert ys == [2, 1]
""",
    "in place by keyword": """
#: solution
def push(xs, value):
    xs.append(value)
#: check 1
xs = []
push(xs=xs, value=3)
assert xs == [3]
""",
    "must not change its argument": """
#: solution
def sorted_copy(xs):
    return sorted(xs)
#: check 1 in-place
xs = [3, 1]
assert sorted_copy(xs) == [1, 3]
assert xs == [3, 1]
""",
    "global state": """
#: solution
count = 0
def increment():
    global count
    count += 1
    return count
#: check 1
start = count
increment()
assert count == start + 1
increment(); increment()
assert count == start + 3
""",
    "arguments of all kinds": """
#: solution
def f(a, /, b, *args, c=3, d, **rest):
    return a, b, args, c, d, rest
#: check 1
assert f(1, 2, d=4) == (1, 2, (), 3, 4, {})
assert f(1, 2, 9, 8, d=4, c=5, e=6) == (1, 2, (9, 8), 5, 4, {"e": 6})
kwargs = {"d": 1}
assert f(*[1, 2], **kwargs)[4] == 1
try:
    f(1)
    raise AssertionError
except TypeError:
    pass
""",
    "docstring and name": """
#: solution
def f(x):
    "Doubles x."
    return 2 * x
#: check 1
assert f.__doc__ == "Doubles x."
assert f.__name__ == "f"
assert callable(f)
""",
    "timed check": """
#: solution
%%time
def f(x):
    return x + 1
#: check 1
%%time
assert f(1) == 2
#: check 1
%time y = f(2)
assert y == 3
""",
    "magics": """
#: locked
%matplotlib inline
import math
#: solution
%precision 3
import time
x = !echo hello
def f():
    return math.pi
%time y = 3
#: check 1
assert f() == math.pi
assert y == 3
""",
    "plots": """
#: locked
import matplotlib.pyplot as plt
#: solution
fig, ax = plt.subplots()
ax.plot([1, 2], [3, 4])
ax.set_title("Growth")
def draw(ax):
    ax.set_xlabel("x")
plt.show()
#: check 1
assert ax.get_title() == "Growth"
assert len(ax.lines) == 1
#: check 1
draw(ax)
assert ax.get_xlabel() == "x"
""",
    "strings and containers nested": """
#: locked
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
#: solution
def count(words):
    return Counter(words)
def group(words):
    d = defaultdict(list)
    for w in words:
        d[w[0]].append(w)
    return d
def nested():
    return {"a": [1, (2, {3})], ("k", 1): None}
def ordered():
    return OrderedDict(a=1, b=2)
def queue():
    return deque([1, 2], maxlen=5)
Point = namedtuple("Point", "x y")
def origin():
    return Point(0, 1)
#: check 1
assert count("aab") == {"a": 2, "b": 1}
assert count("aab").most_common(1) == [("a", 2)]
#: check 1
assert group(["ab", "ac", "b"]) == {"a": ["ab", "ac"], "b": ["b"]}
assert nested() == {"a": [1, (2, {3})], ("k", 1): None}
assert list(ordered()) == ["a", "b"]
#: check 1
assert list(queue()) == [1, 2]
assert queue()[0] == 1 and len(queue()) == 2
#: check 1
p = origin()
assert p == (0, 1)
assert p.x == 0 and p.y == 1
""",
    "exact numbers and dates": """
#: locked
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
#: solution
def half():
    return Fraction(1, 2)
def cents(s):
    return Decimal(s).quantize(Decimal("0.01"))
def tomorrow(day):
    return day + timedelta(days=1)
#: check 1
assert half() == Fraction(1, 2)
assert half() + half() == 1
assert cents("1.239") == Decimal("1.24")
#: check 1
assert tomorrow(date(2024, 2, 28)) == date(2024, 2, 29)
assert tomorrow(datetime(2024, 2, 28, 12)) - datetime(2024, 2, 28, 12) == timedelta(days=1)
""",
    "dictionary views and sets": """
#: solution
def keys(d):
    return d.keys()
def values(d):
    return d.values()
def unique(xs):
    return frozenset(xs)
#: check 1
assert set(keys({"a": 1})) == {"a"}
assert list(values({"a": 1})) == [1]
assert keys({"a": 1}) == {"a"}
assert unique([1, 1]) == frozenset({1})
""",
    "files": """
#: locked
from pathlib import Path
Path("data.txt").write_text("1\\n2\\n3\\n")
#: solution
def total(path):
    with open(path) as f:
        return sum(int(line) for line in f)
def save(path, xs):
    with open(path, "w") as f:
        f.write(",".join(map(str, xs)))
#: check 1
assert total("data.txt") == 6
""",
    "imports in the solution": """
#: solution
import math
from collections import Counter as C
def hypotenuse(a, b):
    return math.hypot(a, b)
def count(s):
    return dict(C(s))
#: check 1
assert math.isclose(hypotenuse(3, 4), 5)
assert count("aa") == {"a": 2}
""",
    "matrix and linear algebra": """
#: locked
import numpy as np
#: solution
A = np.array([[2.0, 1.0], [1.0, 3.0]])
b = np.array([3.0, 5.0])
x = np.linalg.solve(A, b)
def trace(M):
    return np.trace(M)
#: check 1
assert np.allclose(A @ x, b)
assert x.shape == (2,)
assert trace(np.eye(3)) == 3
np.testing.assert_array_almost_equal(x, [0.8, 1.4])
""",
    "masked arrays and object arrays": """
#: locked
import numpy as np
#: solution
def ragged():
    return np.array([[1, 2], [3]], dtype=object)
#: check 1
assert ragged().shape == (2,)
assert ragged()[1] == [3]
assert len(ragged()) == 2
""",
    "a data frame as one value": """
#: locked
import pandas as pd
#: solution
df = pd.DataFrame({"a": [1, 2]})
#: check 1
assert isinstance(df, pd.DataFrame)
""",
    "pandas": """
#: locked
import pandas as pd
#: solution
df = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]})
means = df.groupby("b")["a"].mean()
def load():
    return df
#: check 1
assert df.shape == (3, 2)
assert df.columns.tolist() == ["a", "b"]
#: check 1
assert df["a"].sum() == 6
assert means["x"] == 2
assert load()["b"].value_counts()["x"] == 2
""",
    "lambda and closures": """
#: solution
add = lambda x, y: x + y
def make_adder(n):
    return lambda x: x + n
def make_counter():
    n = 0
    def tick():
        nonlocal n
        n += 1
        return n
    return tick
handlers = {"double": lambda x: 2 * x}
#: check 1
assert add(1, 2) == 3
assert make_adder(2)(3) == 5
c = make_counter()
assert [c(), c()] == [1, 2]
assert make_counter()() == 1
assert handlers["double"](4) == 8
""",
    "isinstance of results": """
#: locked
import numpy as np
import numbers
#: solution
def f():
    return 1.0
def g():
    return [1]
def h():
    return np.float32(1)
#: check 1
assert isinstance(f(), float) and isinstance(f(), numbers.Real)
assert isinstance(g(), list) and type(g()) == list
assert isinstance(h(), np.float32)
""",
    "linked list": """
#: solution
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
class LinkedList:
    def __init__(self):
        self.head = None
    def push(self, value):
        self.head = Node(value, self.head)
    def to_list(self):
        xs, n = [], self.head
        while n:
            xs.append(n.value)
            n = n.next
        return xs
#: check 1
l = LinkedList()
assert l.head is None
for i in range(3):
    l.push(i)
assert l.to_list() == [2, 1, 0]
n, seen = l.head, []
while n is not None:
    seen.append(n.value)
    n = n.next
assert seen == [2, 1, 0]
#: check 1
assert l.head.next.value == 1
m = Node(5, Node(6))
assert m.next.value == 6
""",
    "loop with bare except": """
#: solution
def div(a, b):
    return a / b
#: check 1
ok = False
try:
    ok = div(4, 2) == 2
except:
    pass
assert ok
""",
    "sum of a student's list in a comprehension": """
#: solution
numbers = [1, 2, 3]
def scale(k):
    return [k * n for n in numbers]
#: check 1
assert sum(n for n in numbers) == 6
assert [n * 2 for n in numbers] == scale(2)
assert all(x in scale(1) for x in numbers)
""",
    "check rebinding a student's name": """
#: solution
threshold = 3
def above(xs):
    return [x for x in xs if x > threshold]
#: check 1
threshold = 10
assert above([5, 20]) == [20]
#: check 1
threshold = 3
assert above([5, 20]) == [5, 20]
""",
    "asynchronous": """
#: solution
import asyncio
async def fetch(x):
    await asyncio.sleep(0)
    return x + 1
value = await fetch(1)
#: check 1
assert value == 2
""",
    "mock of print": """
#: locked
from unittest.mock import Mock
#: solution
def notify(send, names):
    for n in names:
        send(n)
#: check 1
m = Mock()
notify(m, ["a", "b"])
assert m.call_count == 2
m.assert_called_with("b")
""",
    "dataclass": """
#: solution
from dataclasses import dataclass, field
@dataclass
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list)
#: check 1
i = Item("a")
assert i.name == "a" and i.price == 1.0 and i.tags == []
assert repr(i) == "Item(name='a', price=1.0, tags=[])"
""",
    "enum": """
#: solution
from enum import Enum
class Colour(Enum):
    RED = 1
    BLUE = 2
#: check 1
assert Colour.RED.value == 1
assert Colour.RED.name == "RED"
#: check 1
assert Colour(2) is Colour.BLUE
assert Colour.RED != Colour.BLUE
assert len(Colour) == 2
""",
    "context manager": """
#: solution
class Log:
    def __init__(self):
        self.events = []
    def __enter__(self):
        self.events.append("in")
        return self
    def __exit__(self, *exc):
        self.events.append("out")
#: check 1
log = Log()
with log as l:
    pass
assert log.events == ["in", "out"]
""",
    "helper in a locked cell above the solution": """
#: locked
def check_function(n):
    return all(f(i) == i + 1 for i in range(n))
#: solution
def f(x):
    return x + 1
#: check 1
assert check_function(5)
""",
    "fixture of a locked cell that both sides use": """
#: locked
import numpy as np
data = np.arange(6.0).reshape(2, 3)
def normalise(x):
    return x / x.sum()
#: solution
def shares():
    return normalise(data)
def use(f):
    return f(data)
#: check 1
assert np.allclose(shares(), data / 15)
assert np.allclose(use(normalise), data / 15)
""",
    "seed set again": """
#: locked
import random
import numpy as np
#: solution
def draw():
    return float(np.random.random()), random.random()
#: check 1
np.random.seed(7); random.seed(7)
first = draw()
np.random.seed(7); random.seed(7)
assert draw() == first
assert draw() != first
#: check 1
np.random.seed(7)
x = np.random.random(2)
draw()
np.random.seed(7)
assert (np.random.random(2) == x).all()
""",
    "partial credit in floats and bools": """
#: locked
import numpy as np
#: solution
def f(x):
    return x
#: check 3
np.float64(3.0) if f(1) == 1 else np.float64(0)
#: check 2
assert f(2) == 2
True
#: check 1
assert f(2) == 2
"text"
""",
}

# What the wall does not carry: found before any submission is graded, and left to a person
APART = {
    "a helper of the check that watches a global change": """
#: solution
total = 0
def add(x):
    global total
    total += x
#: check 1
def run():
    before = total
    add(5)
    return total - before
assert run() == 5
""",
    "source code": """
#: locked
import inspect
#: solution
def loopy(n):
    return sum(range(n))
#: check 1
assert "sum" in inspect.getsource(loopy)
""",
    "signature": """
#: locked
import inspect
#: solution
def loopy(n):
    return sum(range(n))
#: check 1
assert list(inspect.signature(loopy).parameters) == ["n"]
""",
    "coroutine": """
#: locked
import asyncio
#: solution
async def fetch(x):
    return x + 1
#: check 1
assert asyncio.run(fetch(1)) == 2
""",
    "the student's own ==": """
#: solution
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x
#: check 1
assert Point(1) == Point(1)
""",
    "a check below a magic that is not run": """
#: solution
x = 1
#: check 1
%%script python
assert x == 1
""",
    "the student's own arithmetic": """
#: solution
class Point:
    def __init__(self, x): self.x = x
    def __add__(self, other): return Point(self.x + other.x)
#: check 1
assert (Point(1) + Point(2)).x == 3
""",
    "iteration over the student's own object": """
#: solution
class Deck:
    def __iter__(self): return iter([1, 2])
#: check 1
assert list(Deck()) == [1, 2]
""",
    "a list of the student's changed by the check": """
#: solution
xs = [1]
def last():
    return xs[-1]
#: check 1
xs.append(5)
assert last() == 5
""",
}


@pytest.fixture(scope="module")
def rehearsed(make, tmp_path_factory):
    """{name: (job of the reference, rehearsal)} of what has to be rehearsed: functions in place, and what is apart."""
    folder = tmp_path_factory.mktemp("rehearsed")
    jobs = []
    for number, (name, text) in enumerate((ORDINARY | APART).items()):
        if name in APART or "in place" in name or "rebinding" in name:
            instructor = make.source(text)
            made = make.hand_in(folder / str(number), make.document(list(instructor.cells)))
            jobs.append(make.job(made, instructor, student=name, cell_seconds=10.0, total_seconds=50.0))
    known = {job.student: job for job in jobs}
    outcomes = {}
    for name, outcome in cluster.run(make.in_process, executor.rehearse, ((n, j.assignment) for n, j in known.items())):
        if isinstance(outcome, tester.Failure):
            raise wall.Refused(outcome.message)
        outcomes[name] = (known[name], outcome)
    return outcomes


@pytest.fixture(scope="module")
def graded(make, rehearsed, tmp_path_factory):
    """{name: result of the reference} of the ordinary cases."""
    folder = tmp_path_factory.mktemp("graded")
    jobs = []
    for number, (name, text) in enumerate(ORDINARY.items()):
        instructor = make.source(text)
        _, rehearsal = rehearsed.get(name, (None, None))
        made = make.hand_in(folder / str(number), make.document(list(instructor.cells)))
        jobs.append(make.job(made, instructor, student=name, rehearsal=rehearsal, cell_seconds=10.0,
                             total_seconds=50.0))
    return make.grade_all(jobs)


@pytest.mark.parametrize("name", ORDINARY)
def test_the_reference_gets_every_point_of_an_ordinary_check(graded, name):
    right = graded[name]
    assert [(c.grade_id, c.verdict, c.message) for c in right.checks if c.score != c.points] == []
    assert right.score == right.points > 0


def test_the_released_stub_gets_no_point_of_any_ordinary_check(make, tmp_path):
    instructor = make.source("\n".join(ORDINARY.values()))
    folder = make.hand_in(tmp_path, make.document(make.answered(instructor, {})))
    result = make.grade_all([make.job(folder, instructor, cell_seconds=10.0, total_seconds=50.0)])["student"]
    texts = {notebook.grade_id_of(c): c["source"] for c in instructor.cells}
    assert len(result.checks) > len(ORDINARY)
    assert [(texts[c.grade_id], c.verdict) for c in result.checks if c.score != 0] == []


@pytest.mark.parametrize("name", APART)
def test_a_check_that_the_wall_does_not_carry_is_found_before_grading(rehearsed, name):
    _, rehearsal = rehearsed[name]
    found = rehearsal.unfit | rehearsal.forgeable
    assert len(found) == 1
    assert all(found.values())


NOWHERE = "a check below a magic that is not run"


@pytest.mark.parametrize("name", sorted(APART.keys() - {NOWHERE}))
def test_a_check_that_the_wall_does_not_carry_runs_in_the_sandbox_and_says_that_it_is_forgeable(rehearsed, name):
    job, rehearsal = rehearsed[name]
    made = job.assignment._replace(unfit=rehearsal.unfit, forgeable=rehearsal.forgeable)
    (notebook_name, grade_id), = rehearsal.forgeable
    check = next(c for c in executor.grade(job._replace(assignment=made)).checks if c.grade_id == grade_id)
    assert (check.notebook, check.score, check.verdict, check.forgeable) == (
        notebook_name, check.points, "passed", True)


def test_a_check_that_passes_on_neither_side_costs_no_student_a_point(rehearsed):
    job, rehearsal = rehearsed[NOWHERE]
    check, = executor.grade(job._replace(assignment=job.assignment._replace(unfit=rehearsal.unfit))).checks
    assert (check.score, check.verdict) == (None, "errored")
    assert "a person has to grade it" in check.message


# nbgrader's own example course, graded by nbgrader and by us

QUICKSTART = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
SQUARES_ONLY = {"squares": """def squares(n):
    if n < 1:
        raise ValueError
    return [i ** 2 for i in range(1, n + 1)]"""}


def nbgrader_started(folder, *arguments):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.Popen([sys.executable, "-m", "nbgrader", *arguments], cwd=folder, text=True,
                            env=os.environ | {"PATH": path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def ended_well(process):
    said, _ = process.communicate()
    assert process.returncode == 0, said[-3000:]


def score_table(folder):
    opened = course.open_course(folder)
    with Gradebook(opened.db_url) as gradebook:
        return {(submission.student_id, book.name, grade.name): (grade.auto_score, grade.needs_manual_grade)
                for submission in gradebook.assignment_submissions("ps1")
                for book in submission.notebooks for grade in book.grades}


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory):
    """The course folders (graded by nbgrader, graded by us) with two students: one right, one with one function."""
    ours, theirs = (tmp_path_factory.mktemp("quickstart") / name for name in ("ours", "theirs"))
    opened = course.open_course(ours, create=True)
    shutil.copytree(QUICKSTART, ours / "source" / "ps1")
    course.generate(opened, "ps1")
    for student, answers in (("ada", None), ("ben", SQUARES_ONLY)):
        folder = ours / "submitted" / student / "ps1"
        shutil.copytree(ours / ("source" if answers is None else "release") / "ps1", folder)
        for path in folder.glob("*.ipynb"):
            book = json.loads(path.read_text())
            for cell in book["cells"]:
                grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = (answers or {}).get(grade_id, cell["source"])
            path.write_text(json.dumps(book))
    shutil.copytree(ours, theirs)
    (theirs / "nbgrader_config.py").unlink()
    course.open_course(theirs, create=True)
    stock = nbgrader_started(theirs, "autograde", "ps1")
    code = cli.main(["grade", "ps1", "--course", str(ours), "--jobs", "2"])
    ended_well(stock)
    return ours, theirs, code


def test_nbgraders_own_course_gets_the_scores_that_nbgrader_gives(quickstart):
    ours, theirs, code = quickstart
    expected = score_table(theirs)
    assert code == 0
    assert {student for student, _, _ in expected} == {"ada", "ben"}
    assert any(score for score, _ in expected.values())
    assert score_table(ours) == expected


def test_nbgraders_feedback_and_export_work_on_what_we_graded(quickstart):
    ours, _, _ = quickstart
    for process in [nbgrader_started(ours, "generate_feedback", "ps1"), nbgrader_started(ours, "export")]:
        ended_well(process)
    pages = sorted(str(p.relative_to(ours / "feedback")) for p in (ours / "feedback").rglob("*.html"))
    assert pages == [f"{student}/ps1/problem{n}.html" for student in ("ada", "ben") for n in (1, 2)]
    with (ours / "grades.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    automatic = {student: sum(score or 0 for (who, _, _), (score, _) in score_table(ours).items() if who == student)
                 for student in ("ada", "ben")}
    assert rows == automatic
    assert rows["ada"] > rows["ben"] > 0
