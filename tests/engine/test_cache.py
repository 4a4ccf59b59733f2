from engine.cache import Cache


def test_the_least_recently_used_leaves_first() -> None:
    cache: Cache[str, int] = Cache(3)
    for key in "abc":
        cache.put(key, 1, 1)
    assert cache.get("a") == 1
    cache.put("d", 1, 1)
    assert [cache.get(key) for key in "abcd"] == [1, None, 1, 1]


def test_what_is_put_twice_weighs_once() -> None:
    cache: Cache[str, int] = Cache(3)
    cache.put("a", 1, 2)
    cache.put("a", 2, 2)
    cache.put("b", 3, 1)
    assert (cache.get("a"), cache.get("b")) == (2, 3)


def test_what_weighs_too_much_is_not_kept() -> None:
    cache: Cache[str, int] = Cache(3)
    cache.put("a", 1, 1)
    cache.put("b", 1, 4)
    assert (cache.get("a"), cache.get("b")) == (1, None)
