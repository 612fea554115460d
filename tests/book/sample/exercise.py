# ruff: noqa: E501    (cells have their metadata on one line)
# An exercise of the smallest kind, which needs no NumPy, for the tests of the book.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
def ask(function, *arguments):
    """What a function gives."""
    answer = function(*arguments)
    assert answer is not None, "nothing came back: end the function with `return ...`"
    return answer

# %% [markdown]
# ## 1. The sum (2 points)
#
# Add up the numbers of a list.

# %% nbgrader={"schema_version": 3, "grade_id": "total", "solution": true, "grade": false, "locked": false}
def total(numbers):
    """The sum of a list of numbers."""
    ### BEGIN SOLUTION
    return sum(numbers)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "total_check", "solution": false, "grade": true, "locked": true, "points": 1}
answer = ask(total, [1, 2, 3])
assert answer == 6, f"[1, 2, 3] adds up to 6; yours is {answer}"

# %% nbgrader={"schema_version": 3, "grade_id": "total_empty", "solution": false, "grade": true, "locked": true, "points": 1}
assert ask(total, []) == 0, "an empty list adds up to 0"
### BEGIN HIDDEN TESTS
assert ask(total, [7, 8]) == 15, "a hidden test"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "total_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: other numbers.
### BEGIN HIDDEN TESTS
assert ask(total, [1.5, 2]) == 3.5, "another hidden test"
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The maximum (1 point)
#
# Find the largest number.

# %% nbgrader={"schema_version": 3, "grade_id": "largest", "solution": true, "grade": false, "locked": false}
def largest(numbers):
    """The largest of a list of numbers."""
    ### BEGIN SOLUTION
    return max(numbers)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "largest_check", "solution": false, "grade": true, "locked": true, "points": 1}
assert ask(largest, [1, 3, 2]) == 3, "the largest of [1, 3, 2] is 3"
