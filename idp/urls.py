"""The whole URL map."""

urlpatterns: list = []
