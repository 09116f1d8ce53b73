"""The addresses of django-helpdesk's pages, which its mails name."""

from django.urls import include, path

urlpatterns = [path("helpdesk/", include("helpdesk.urls"))]
