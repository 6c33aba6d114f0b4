// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace offlineimap::imap {

namespace {

constexpr std::size_t buffer_size = std::size_t {256} << 10;

using Clock = std::chrono::steady_clock;

}  // namespace

Connection::Connection(std::unique_ptr<Stream> stream, Host& host, Setup setup)
    : stream_(std::move(stream))
    , host_(host)
    , setup_(std::move(setup))
    , capabilities_(setup_.hidden_capabilities)
    , buffer_(buffer_size)
    , parser_(*this, host.logs(Level::debug) ? Trace::on : Trace::off)
    , pace_(setup_.timeout)
{
}

Connection::~Connection()
{
    log_out();
}

// ---------------------------------------------------------------- sending

namespace {

/// "UID FETCH" of "UID FETCH 1:* (FLAGS)".
std::string command_name(std::string_view line)
{
    const auto word_end = line.find_first_of(" \r", line.starts_with("UID ") ? 4 : 0);
    return std::string(line.substr(0, word_end));
}

}  // namespace

/// Registers the command; returns its tag.
std::string Connection::launch(Command& command, Privacy privacy)
{
    check_usable();
    if (in_flight_.empty()) pace_.restart();
    const auto number = ++commands_;
    auto tag = 'A' + std::to_string(number);
    in_flight_.push_back({tag, &command, number, privacy, {}, Clock::now()});
    return tag;
}

void Connection::send(const CommandLine& line, Command& command, Privacy privacy)
{
    enqueue_parts(line, command, privacy, Ending::line_end);
}

void Connection::send_open(const CommandLine& line, Command& command)
{
    enqueue_parts(line, command, Privacy::open, Ending::none);
}

void Connection::enqueue_parts(
    const CommandLine& line, Command& command, Privacy privacy, Ending ending)
{
    const auto tag = launch(command, privacy);
    const auto& parts = line.parts();
    if (host_.traces()) in_flight_.back().name = command_name(parts.front());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto bytes = (i == 0 ? tag + ' ' : std::string()) + parts[i];
        if (i + 1 == parts.size() && ending == Ending::line_end) bytes += "\r\n";
        enqueue(std::move(bytes), i == 0 ? 0 : commands_);
    }
    const auto shown = std::string_view(parts.front()).substr(0, parts.front().find("\r\n"));
    show("C: " + tag + ' ', privacy == Privacy::open ? shown : shown.substr(0, shown.find(' ')));
}

void Connection::send_raw(std::string_view bytes, Privacy privacy)
{
    check_usable();
    enqueue(std::string(bytes), 0);
    show("C: ", privacy == Privacy::open ? bytes.substr(0, bytes.find("\r\n")) : "(secret)");
}

void Connection::enqueue(std::string bytes, std::uint64_t awaits)
{
    queued_bytes_ += bytes.size();
    // Commands that are ready leave in one write.
    if (awaits == 0 && !out_.empty() && out_.back().awaits == 0)
        out_.back().bytes += bytes;
    else
        out_.push_back({std::move(bytes), 0, awaits});
}

Bytes Connection::sendable() const noexcept
{
    if (out_.empty() || out_.front().awaits != 0) return {};
    return std::as_bytes(std::span(out_.front().bytes).subspan(out_.front().sent));
}

void Connection::consume(std::size_t written) noexcept
{
    if (written == 0) return;
    queued_bytes_ -= written;
    pace_.moved(written);
    auto& front = out_.front();
    front.sent += written;
    if (front.sent == front.bytes.size()) out_.pop_front();
}

void Connection::write_through(Bytes bytes)
{
    wait([this] { return out_.empty(); });
    while (!bytes.empty()) {
        const auto progress = exchange(bytes);
        bytes = bytes.subspan(progress.written);
        pace_.moved(progress.written);
        if (progress.read > 0) parser_.feed(Bytes(buffer_).first(progress.read));
        pace_.check(setup_.peer);
    }
}

Answer Connection::run(const CommandLine& line, Privacy privacy)
{
    PlainCommand command;
    send(line, command, privacy);
    wait([&command] { return command.done(); });
    return command.answer();
}

void Connection::log_out() noexcept
{
    if (broken_ || logging_out_ || !stream_) return;
    logging_out_ = true;
    try {
        if (in_flight_.empty() && out_.empty()) {
            PlainCommand command;
            send("LOGOUT", command);
            (void)stream_->exchange(sendable(), {}, Clock::now());
        }
    } catch (const std::exception&) {  // the server will notice by itself
    }
    give_up();
}

void Connection::give_up() noexcept
{
    broken_ = true;
    in_flight_.clear();
    out_.clear();
    text_taker_ = nullptr;
}

void Connection::check_usable() const
{
    if (broken_) throw Error(Errc::network, setup_.peer + ": the connection was given up before");
}

// -------------------------------------------------------------- receiving

void Connection::turn()
{
    check_usable();
    if (in_flight_.empty() && out_.empty() && greeting_)
        throw Error(Errc::internal, "wait for " + setup_.peer + ": nothing was asked");
    const auto progress = exchange(sendable());
    consume(progress.written);
    try {
        if (progress.read > 0) parser_.feed(Bytes(buffer_).first(progress.read));
        pace_.check(setup_.peer);
    } catch (...) {
        give_up();
        throw;
    }
}

bool Connection::turn_until(Clock::time_point deadline)
{
    check_usable();
    if (Clock::now() >= deadline) return false;
    try {
        const auto progress = stream_->exchange(sendable(), buffer_, deadline);
        consume(progress.written);
        if (progress.read > 0) parser_.feed(Bytes(buffer_).first(progress.read));
        return true;
    } catch (const Error& error) {
        if (error.code() == Errc::timeout) return false;
        give_up();
        throw;
    } catch (...) {
        give_up();
        throw;
    }
}

void Connection::wake_on(int descriptor) noexcept
{
    wake_ = descriptor;
    woken_ = false;
    if (stream_) stream_->wake_on(descriptor);
}

/// Whether that was no deadline: from now on nothing wakes us any more.
bool Connection::wakes_up(const Error& error, Clock::time_point deadline) noexcept
{
    if (woken_ || wake_ < 0 || error.code() != Errc::timeout || Clock::now() >= deadline)
        return false;
    woken_ = true;
    stream_->wake_on(-1);
    return true;
}

Stream::Progress Connection::exchange(Bytes out)
{
    constexpr std::chrono::seconds patience_once_woken {5};
    for (;;) {
        const auto patience = woken_
            ? std::min<std::chrono::milliseconds>(setup_.timeout, patience_once_woken)
            : setup_.timeout;
        const auto deadline = Clock::now() + patience;
        try {
            return stream_->exchange(out, buffer_, deadline);
        } catch (const Error& error) {
            if (wakes_up(error, deadline)) continue;
            give_up();
            throw;
        } catch (...) {
            give_up();
            throw;
        }
    }
}

std::unique_ptr<Stream> Connection::release_stream(std::string_view command)
{
    if (!in_flight_.empty() || !out_.empty())
        throw Error(Errc::internal, "change the stream of " + setup_.peer + ": it is in use");
    if (parser_.responses() != answered_at_ || !parser_.is_between_responses()) {
        give_up();
        throw Error(
            Errc::protocol,
            setup_.peer + ": data came behind the answer to " + std::string(command));
    }
    return std::move(stream_);
}

void Connection::show(std::string_view prefix, std::string_view line) const
{
    if (!host_.logs(Level::debug)) return;
    const std::chrono::duration<double> time = Clock::now() - began_;
    std::array<char, 32> seconds {};
    const int length = std::snprintf(seconds.data(), seconds.size(), "%.3f ", time.count());
    std::string text = "imap: ";
    text.append(seconds.data(), static_cast<std::size_t>(length)).append(prefix);
    host_.log(Level::debug, text + printable(line, 1000));
}

void Connection::trace(std::string_view line)
{
    const bool signing_in = std::any_of(in_flight_.begin(), in_flight_.end(), [](const auto& f) {
        return f.privacy == Privacy::secret;
    });
    // Servers repeat in an error what they did not understand.
    const auto tag = line.substr(0, line.find(' '));
    const bool harmless = line.substr(tag.size()).starts_with(" OK");
    show("S: ", signing_in && !harmless ? "(withheld while signing in)" : line);
}

}  // namespace offlineimap::imap
