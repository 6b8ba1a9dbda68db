from django.conf import settings
from django.db import models


class Reader(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    phone = models.CharField(max_length=20, blank=True)


class Book(models.Model):
    title = models.CharField(max_length=200)


class Loan(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    book = models.ForeignKey(Book, on_delete=models.PROTECT)
    borrowed_at = models.DateTimeField(auto_now_add=True)
    returned_at = models.DateTimeField(null=True, db_index=True)


class Reminder(models.Model):
    loan = models.ForeignKey(Loan, on_delete=models.CASCADE)
    sent_at = models.DateTimeField(auto_now_add=True)
