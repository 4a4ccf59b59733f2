"""How many statements each operation of the contract costs: the same at any page size."""

from tests.contract.operations import OPERATIONS

HOST = "blog.rust.test"
SLUG = "Rust-1.88.0"

PAGED = [each for each in OPERATIONS if "$first" in each.text or "$postsCount" in each.text]
