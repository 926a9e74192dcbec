"""python fill.py PROJECT_DIR THREADS.json OUT.json

Fills a Spirit through its own models: a category for every board, an account for every author, topics and comments with
their dates, quotes as its reply button writes them. OUT.json maps the keys of the posts to Spirit's comment numbers.
"""

import json
import os
import sys
from datetime import datetime

project, threads_file, out_file = sys.argv[1:]
sys.path.insert(0, project)
os.environ["DJANGO_SETTINGS_MODULE"] = os.environ["REALFORUMS_SPIRIT"] + ".settings.loopback"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import transaction  # noqa: E402
from spirit.category.models import Category  # noqa: E402
from spirit.comment.models import Comment  # noqa: E402
from spirit.core.utils.markdown import Markdown, quotify  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402

with open(threads_file) as f:
    threads = json.load(f)["threads"]
posts = sorted(((post["date"], k, i, thread, post) for k, thread in enumerate(threads) for i, post in enumerate(thread["posts"])), key=lambda p: p[:3])
boards, users, topics, numbers = {}, {}, {}, {}
with transaction.atomic():
    Category.objects.filter(title="Uncategorized").update(is_removed=True)
    for date, k, i, thread, post in posts:
        at = datetime.fromisoformat(date)
        board, author = thread["board"], post["author"]
        if board not in boards:
            boards[board] = Category.objects.create(title=board, reindex_at=at)
        if author not in users:
            users[author] = get_user_model().objects.create(username="u%d" % len(users), email="u%d@spirit.example" % len(users))
            profile = users[author].st
            profile.nickname = author
            profile.save()
        text = post["text"]
        if quote := post.get("quote"):
            text = quotify(quote["text"], quote["author"]) + text
        if i == 0:
            topics[k] = Topic.objects.create(user=users[author], category=boards[board], title=thread["title"], date=at, last_active=at)
        comment = Comment.objects.create(user=users[author], topic=topics[k], comment=text, comment_html=Markdown().render(text), date=at)
        Topic.objects.filter(pk=topics[k].pk).update(last_active=at, comment_count=i)
        numbers[post["key"]] = str(comment.pk)
with open(out_file, "w") as f:
    json.dump(numbers, f)
