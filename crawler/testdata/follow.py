"""Scrapy following the links of the benchmark's forum and keeping nothing: python3 follow.py ADDRESS"""

import json
import sys

import scrapy
from scrapy.crawler import CrawlerProcess


class Follow(scrapy.Spider):
    name = "follow"
    pages = 0

    async def start(self):
        yield scrapy.Request(f"http://{sys.argv[1]}/")

    def parse(self, response):
        Follow.pages += 1
        for href in response.css("a::attr(href)").getall():
            url = response.urljoin(href)
            if "viewforum.php?f=" in url or "viewtopic.php?t=" in url:
                yield scrapy.Request(url, callback=self.parse)


process = CrawlerProcess(
    settings={
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": False,
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(Follow)
process.start()
print(json.dumps({"Pages": Follow.pages}))
