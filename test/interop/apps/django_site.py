"""A Django site in one file."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    SECRET_KEY="for tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    LOGGING={"version": 1, "disable_existing_loggers": False, "handlers": {"err": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["err"]}},
)


def index(request):
    return HttpResponse("hello %s from %s" % (request.session.get("name", "stranger"), request.get_host()))


def sign(request):
    request.session["name"] = request.POST["name"]
    return HttpResponseRedirect("/")


def upload(request):
    file = request.FILES["file"]
    data = file.read()
    return JsonResponse({"name": file.name, "length": len(data), "sum": sum(data) % 65536, "note": request.POST["note"]})


def stream(request):
    return StreamingHttpResponse(("line %d\n" % number for number in range(1000)), content_type="text/plain")


def raises(request):
    raise ValueError("by design")


urlpatterns = [
    path("", index),
    path("sign", sign),
    path("upload", upload),
    path("stream", stream),
    path("raises", raises),
]
application = get_wsgi_application()
