"""The toolkit's token endpoint, where ours is."""

from django.urls import path
from oauth2_provider.views import TokenView

urlpatterns = [path("oauth2/token", TokenView.as_view(), name="token")]
