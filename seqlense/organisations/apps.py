from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "seqlense.organisations"
    label = "organisations"

    def ready(self) -> None:
        """Listen below: the kernel says when a person is erased, the accounts ask who demands a second
        factor.
        """
        from seqlense.organisations import demands, succession

        succession.listen()
        demands.listen()
