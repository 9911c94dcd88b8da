from tests.arch.addresses import OPEN

ADDRESSES = {"ui:gallery": OPEN, "ui:appearance": OPEN}
