"""Spirit on loopback over SQLite, under as many names as it is asked by."""

import os

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403

SECRET_KEY = get_random_secret_key()
ALLOWED_HOSTS = ["*"]
DEBUG = False
ST_SITE_URL = "http://spirit.example/"
ROOT_URLCONF = os.environ["REALFORUMS_SPIRIT"] + ".urls"
WSGI_APPLICATION = None
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(BASE_DIR, "forum.sqlite3"), "OPTIONS": {"timeout": 30}}}  # noqa: F405
CACHES = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in CACHES}  # noqa: F405
STATIC_ROOT = os.path.join(BASE_DIR, "static")  # noqa: F405
STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
USE_TZ = True
TIME_ZONE = "UTC"
ST_TASK_MANAGER = None
