"""Groups of users and organisations by what they have in common, explained."""
