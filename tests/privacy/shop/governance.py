"""What the shop's columns hold."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="shop.Customer",
            activity="shop_customers",
            items={"email": "email", "name": "name", "country": "country", "left_at": "dates"},
            events={"customer_left": "left_at"},
            impersonal={"hint": "A code of the till's."},
        ),
        Governed(
            model="shop.Order",
            activity="shop_orders",
            items={"amount": "amount", "lines": "lines", "address": "address", "paid_at": "dates"},
            events={"order_paid": "paid_at"},
        ),
        Governed(
            model="shop.Parcel", activity="shop_orders", items={"number": "address_label"}, follows="order"
        ),
        Governed(
            model="shop.Visit",
            activity="shop_visits",
            items={"page": "page", "at": "dates"},
            events={"visited": "at"},
        ),
    ],
    impersonal=[Impersonal(model="shop.Visitors", reason="Counts by day.")],
)
