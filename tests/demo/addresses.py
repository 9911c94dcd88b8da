from tests.arch.addresses import everyone

ADDRESSES = {
    # Tests do not run in the demonstration mode: the page is absent, as in production (see test_one_click).
    "demo:choose": everyone(404),
}
