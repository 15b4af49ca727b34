"""The requests that a server which validates refuses: each breaks one rule of the workload that it belongs to.

A comparison is of no worth when one server checks less than another. So each is sent these before it is measured, and
has to answer 4xx.
"""

from workloads import ORDER, Request, get, post_form, post_json, post_parts, text_part


def order(**members: object) -> Request:
    """Return the order with other members; those that are `...` are left out."""
    value = {name: member for name, member in {**ORDER, **members}.items() if member is not ...}
    return post_json("/orders", value)


def line(**members: object) -> Request:
    """Return the order with one line, which has other members; those that are `...` are left out."""
    value = {"sku": "TEA-0001", "quantity": 2, "price": 4.5, **members}
    return order(lines=[{name: member for name, member in value.items() if member is not ...}])


JSON_BODY = {"content-type": "application/json"}

# By the name of the workload, then what is wrong with the request.
REFUSALS: dict[str, dict[str, Request]] = {
    "typed": {
        "id is text": get("/users/ada?limit=25"),
        "id is a fraction": get("/users/4.2?limit=25"),
        "limit 0": get("/users/42?limit=0"),
        "limit 101": get("/users/42?limit=101"),
        "limit is text": get("/users/42?limit=x"),
        "limit is a fraction": get("/users/42?limit=2.5"),
    },
    "json": {
        "not JSON": Request("POST", "/orders", b'{"id": 4711,', JSON_BODY),
        "no object": post_json("/orders", [ORDER]),
        "id 0": order(id=0),
        "id is text": order(id="4711"),
        "id is a fraction": order(id=47.11),
        "id missing": order(id=...),
        "customer empty": order(customer=""),
        "customer of 81 characters": order(customer="a" * 81),
        "customer is a number": order(customer=5),
        "customer missing": order(customer=...),
        "email without @": order(email="ada.example.org"),
        "email missing": order(email=...),
        "lines empty": order(lines=[]),
        "lines is an object": order(lines=ORDER["lines"][0]),
        "lines missing": order(lines=...),
        "note is a number": order(note=5),
        "unknown member": order(colour="red"),
        "sku lower case": line(sku="tea-0001"),
        "sku with more around it": line(sku="XTEA-00012"),
        "sku missing": line(sku=...),
        "quantity 0": line(quantity=0),
        "quantity 101": line(quantity=101),
        "quantity is text": line(quantity="2"),
        "quantity is a fraction": line(quantity=1.5),
        "quantity missing": line(quantity=...),
        "price negative": line(price=-0.01),
        "price is text": line(price="4.5"),
        "price missing": line(price=...),
        "unknown member of a line": line(colour="red"),
    },
    "form": {
        "age 0": post_form("/form", "name=Ada&age=0"),
        "age 151": post_form("/form", "name=Ada&age=151"),
        "age is text": post_form("/form", "name=Ada&age=x"),
        "age missing": post_form("/form", "name=Ada"),
        "name missing": post_form("/form", "age=36"),
    },
    "multipart": {
        "file missing": post_parts("/upload", text_part("title", "A file")),
    },
}
