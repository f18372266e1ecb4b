"""Where somebody comes from, as far as it tells one place from another."""

import ipaddress
from functools import lru_cache

UNKNOWN = "unknown"


@lru_cache(maxsize=5000)
def place_of(address: str) -> str:
    """An IPv4 address; or the IPv6 network, a /64, that one household or server is given whole. Of what is no address, "unknown".

    However an address is spelled, its place is spelled one way.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:  # As a socket of both kinds tells of IPv4: in one /64 would be all of it.
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), 64), strict=False))
