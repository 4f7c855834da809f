# The chat for any host that runs containers: docker build -t ask-the-article . && docker run -p 7860:7860 ask-the-article
# The first stage builds the index with torch; the second holds what answering needs and nothing else.

FROM python:3.12-slim AS build
WORKDIR /project
COPY requirements.txt ./
RUN pip install --no-cache-dir --no-deps --index-url https://download.pytorch.org/whl/cpu "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt)"
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py LICENSE README.md ./
COPY corpus corpus
COPY deploy deploy
COPY index index
COPY retrieval retrieval
COPY web web
RUN python -m index.build
RUN python -m deploy.space --out /space

FROM python:3.12-slim
WORKDIR /app
COPY --from=build /space/requirements.txt /space/README.md ./
RUN pip install --no-cache-dir -r requirements.txt "gradio==$(sed -n 's/^sdk_version: *//p' README.md)"
RUN useradd --uid 1000 --create-home chat
COPY --from=build /space ./
USER chat
ENV ASK_HOST=0.0.0.0 ASK_PORT=7860 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 7860
# /healthz answers a real question; an index that does not verify stops the app at its start, so nothing answers at all.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['ASK_PORT'] + '/healthz', timeout=8)"]
CMD ["python", "app.py"]
