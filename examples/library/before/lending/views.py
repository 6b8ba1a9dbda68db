from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse

from lending.models import Loan


@login_required
def my_loans(request: HttpRequest) -> JsonResponse:
    loans = Loan.objects.filter(user=request.user.pk, returned_at=None)
    return JsonResponse({"loans": list(loans.values_list("book__title", flat=True))})
