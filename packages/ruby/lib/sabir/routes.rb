# frozen_string_literal: true

module Sabir
  # The verbs.
  #
  # Beside a path and a block, each takes the contract of the route:
  #
  # - `query:`, `headers:`, `cookies:`, `params:`: Hashes of names and schemas, see Schema. A name that ends in `?` may be
  #   absent, and so may one with a default;
  # - `body:` the schema of a JSON body; `form:` a Hash of fields, or the schema of a form;
  # - `streaming: true`, `body_items:` (the schema of a line of JSON) or `parts: true`: the block takes `content:` while it arrives;
  # - `request_body:`, `parameters:`: objects of OpenAPI, for what the others cannot say;
  # - `status:` of a success, and the `media_type:` of values;
  # - `summary:`, `description:`, `operation_id:`, `tags:`, `deprecated:`, `responses:`;
  # - `body_limit:` and `timeout_ms:`, in place of the settings.
  #
  # The block takes those of them that it names, as keywords or by position, and `request` if it names that.
  module Routes
    def get(path, **options, &block)
      route("GET", path, **options, &block)
    end

    def post(path, **options, &block)
      route("POST", path, **options, &block)
    end

    def put(path, **options, &block)
      route("PUT", path, **options, &block)
    end

    def patch(path, **options, &block)
      route("PATCH", path, **options, &block)
    end

    def delete(path, **options, &block)
      route("DELETE", path, **options, &block)
    end

    def head(path, **options, &block)
      route("HEAD", path, **options, &block)
    end

    def options(path, **options, &block)
      route("OPTIONS", path, **options, &block)
    end

    # A route of every method that has none of its own on the same path.
    def all(path, **options, &block)
      route("*", path, **options, &block)
    end
  end
end
