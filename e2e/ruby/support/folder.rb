# frozen_string_literal: true

# The files that the handlers of a fixture answer with.
module Folder
  # When every file was last changed.
  CHANGED = Time.utc(2024, 2, 29, 12)

  class << self
    # Writes the files of an application into a folder.
    def fill(folder, app)
      app.fetch("files", {}).each { |path, written| make(File.join(folder, path), written) }
      app.fetch("routes", []).each do |route|
        handler = route["handler"]
        handler = handler["then"] while handler["do"] == "sleep"
        next unless handler["do"] == "file"

        path = File.join(folder, handler["name"])
        write(path, Fixture.expand(handler["text"])) if handler.key?("text")
        write(path, Base64.strict_decode64(handler["base64"])) if handler.key?("base64")
      end
    end

    private

    def make(path, written)
      FileUtils.mkdir_p(File.dirname(path))
      case written.keys
      in ["text"] then write(path, Fixture.expand(written["text"]))
      in ["base64"] then write(path, Base64.strict_decode64(written["base64"]))
      in ["link"] then File.symlink(written["link"], path)
      in ["pipe"] then File.mkfifo(path)
      end
    end

    def write(path, content)
      File.binwrite(path, content)
      File.utime(CHANGED, CHANGED, path)
    end
  end
end
