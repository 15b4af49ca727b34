# frozen_string_literal: true

require "socket"

# A small HTTP/1.1 client that sends exactly the bytes of a fixture. Every wait is bounded. It keeps its connection from one request to the
# next.
class Wire
  TIMEOUT_SECONDS = 5
  SILENCE_SECONDS = 0.15
  PAUSE_SECONDS = 0.002

  # What reads on after the answer of #ask.
  attr_reader :opened

  def initialize(address)
    @host, _, @port = address.rpartition(":")
  end

  # Sends a request; gives +count+ answers, and whether the server closed the connection after them.
  def send_request(request, count, expects_end:)
    return send_raw(request, count, expects_end:) if request.key?("raw") || request.key?("raw_base64")

    reader = Reader.new(@connection || connect)
    @connection = nil
    reader.write(Content.written(request))
    answers = reader.answers([request["method"] == "HEAD"])
    closed = expects_end ? reader.ends?(TIMEOUT_SECONDS) : reader.ended
    keep = !closed && answers.last.headers.get_all("connection").none?("close")
    keep ? @connection = reader.connection : reader.connection.close
    [answers, closed]
  end

  # Sends a request on a connection of its own, and gives the answer. What follows it is left to #opened.
  def ask(bytes)
    close
    @connection = connect
    @opened = Reader.new(@connection)
    @opened.write(bytes)
    @opened.answers([false]).first
  end

  # Closes the connection that is kept.
  def close
    @connection&.close
    @connection = nil
  end

  private

  def connect
    connection = Socket.tcp(@host, @port, connect_timeout: TIMEOUT_SECONDS)
    connection.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
    connection
  end

  def send_raw(request, count, expects_end:)
    pieces = request.key?("raw") ? Array(Fixture.expand(request["raw"])).map(&:b) : [Base64.strict_decode64(request["raw_base64"])]
    heads = pieces.join.split("\r\n".b).grep(/ HTTP\//n).map { |line| line.start_with?("HEAD ") }.first(count)
    reader = Reader.new(connect)
    pieces.each_with_index do |piece, index|
      sleep(PAUSE_SECONDS) if index.positive?
      reader.write(piece)
    end
    answers = reader.answers(heads + [false] * (count - heads.size))
    return [answers, reader.ends?(TIMEOUT_SECONDS)] if expects_end

    # An answer too many would show that the server saw a request that was none.
    closed = reader.ends?(SILENCE_SECONDS)
    raise "more came than #{count} answers: #{reader.data.inspect}" unless reader.data.empty?

    [answers, closed]
  ensure
    reader&.connection&.close
  end

  # Nothing came in time.
  class TimedOut < StandardError; end

  # The connection has ended within what was to be read.
  class Ended < StandardError
    attr_reader :rest

    def initialize(rest)
      super("the connection ended within #{rest.inspect}")
      @rest = rest
    end
  end

  # Reads answers from one connection (RFC 9112 §6.3).
  class Reader
    attr_reader :connection, :data, :ended

    def initialize(connection)
      @connection = connection
      @data = "".b
      @ended = false
    end

    # Writes all of +bytes+, or as much as the server reads before it refuses the rest.
    def write(bytes)
      @connection.write(bytes)
    rescue Errno::EPIPE, Errno::ECONNRESET
      nil
    end

    # Reads one answer for each of +heads+, which says whether the request was HEAD.
    def answers(heads)
      heads.map { |head| answer(head) }
    end

    # Reads what is left, and tells whether the server closed the connection.
    def ends?(seconds)
      fill(seconds) until @ended
      true
    rescue TimedOut
      false
    end

    # Waits for the next byte, and tells whether there is one before the end of the connection.
    def more?
      fill while @data.empty? && !@ended
      !@data.empty?
    end

    # The next +length+ bytes.
    def exactly(length)
      while @data.bytesize < length
        raise Ended, @data if @ended

        fill
      end
      @data.slice!(0, length)
    end

    private

    def fill(seconds = TIMEOUT_SECONDS)
      raise TimedOut unless @connection.wait_readable(seconds)

      @data << @connection.readpartial(65_536)
    rescue EOFError, Errno::ECONNRESET
      @ended = true
    end

    def until_mark(mark)
      until (at = @data.index(mark))
        raise Ended, @data if @ended

        fill
      end
      taken = @data.slice!(0, at)
      @data.slice!(0, mark.bytesize)
      taken
    end

    def answer(is_head)
      line, *rest = until_mark("\r\n\r\n".b).split("\r\n")
      # A server may answer an HTTP/1.0 client in that version (RFC 9110 §2.5).
      raise line unless line.start_with?("HTTP/1.1 ", "HTTP/1.0 ")

      status = Integer(line[9, 3])
      return answer(is_head) if status.between?(100, 199) && status != 101

      headers = Sabir::Headers.new(rest.map { |field| field.split(":", 2).map { |text| text.strip.encode("utf-8", "iso-8859-1") } })
      content = "".b
      begin
        read_content(status, headers, content, is_head)
      rescue Ended => ended
        return Received.new(status, headers, content + ended.rest, true)
      end
      Received.new(status, headers, content, false)
    end

    def read_content(status, headers, content, is_head)
      return if is_head || [101, 204, 304].include?(status)

      if headers.get_all("transfer-encoding").include?("chunked")
        while (size = Integer(until_mark("\r\n".b), 16)).positive?
          content << exactly(size)
          exactly(2)
        end
        exactly(2)
      elsif (length = headers["content-length"])
        content << exactly(Integer(length))
      else
        raise "the answer has no end" unless ends?(TIMEOUT_SECONDS)

        content << exactly(@data.bytesize)
      end
    end
  end
end
