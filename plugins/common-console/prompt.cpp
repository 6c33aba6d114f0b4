// SPDX-License-Identifier: Apache-2.0
#include "prompt.hpp"

#include "line_writer.hpp"
#include "printable.hpp"
#include "terminal.hpp"
#include "terminal_rescue.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace offlineimap::console {
namespace {

class ControllingTerminal {
public:
    ControllingTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) { }
    ControllingTerminal(const ControllingTerminal&) = delete;
    ControllingTerminal& operator=(const ControllingTerminal&) = delete;
    ~ControllingTerminal()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    /// In the background a change of its settings would stop the whole process (SIGTTOU).
    [[nodiscard]] bool can_ask() const
    {
        return descriptor_ >= 0 && Terminal(descriptor_).is_ours();
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

enum class Echo : std::uint8_t { on, off };

/// The terminal's settings during a question. Its keys make no signals: one that stopped or ended
/// the process here would leave the user without echo. The key for an interrupt (Ctrl-C) ends the
/// line instead.
class QuestionMode {
public:
    QuestionMode(int descriptor, Echo echo) : descriptor_(descriptor), rescue_(descriptor, "\n")
    {
        if (::tcgetattr(descriptor, &before_) != 0) return;
        termios during = before_;
        during.c_lflag |= ICANON;
        during.c_lflag &= ~static_cast<tcflag_t>(ISIG);
        if (echo == Echo::off) during.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
        during.c_cc[VEOL] = before_.c_cc[VINTR];
        changed_ = ::tcsetattr(descriptor, TCSAFLUSH, &during) == 0;
    }
    QuestionMode(const QuestionMode&) = delete;
    QuestionMode& operator=(const QuestionMode&) = delete;
    ~QuestionMode()
    {
        if (changed_) ::tcsetattr(descriptor_, TCSADRAIN, &before_);
    }
    /// Without it a password would be seen.
    [[nodiscard]] bool is_set() const noexcept { return changed_; }
    [[nodiscard]] char interrupt_key() const noexcept
    {
        return static_cast<char>(before_.c_cc[VINTR]);
    }

private:
    int descriptor_;
    TerminalRescue rescue_;
    termios before_ = {};
    bool changed_ = false;
};

enum class End : std::uint8_t { line, interrupt, closed };

struct Line {
    std::string text;
    End end = End::closed;
};

Line read_line(int descriptor, char interrupt_key)
{
    Line line;
    std::array<char, 512> buffer;
    while (line.end == End::closed) {
        // Not tried again after EINTR: a signal that has a handler wants the program's attention.
        const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
        if (size <= 0) break;
        line.text.append(buffer.data(), static_cast<std::size_t>(size));
        if (line.text.back() == '\n')
            line.end = End::line;
        else if (line.text.back() == interrupt_key)
            line.end = End::interrupt;
        if (line.end != End::closed) line.text.pop_back();
    }
    ::explicit_bzero(buffer.data(), buffer.size());
    return line;
}

std::string prompt_text(const Question& question)
{
    std::string text = printable(question.text);
    if (!text.empty() && text.back() != ' ') text += ' ';
    if (question.yes_no) text += "[y/n] ";
    return text;
}

/// "y" or "n"; empty: neither.
std::string yes_or_no(std::string_view answer)
{
    std::string word;
    for (const char c : answer)
        if (c != ' ') word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (word == "y" || word == "yes") return "y";
    return word == "n" || word == "no" ? "n" : "";
}

}  // namespace

std::optional<std::string> ask_at_terminal(const Question& question, Control* control)
{
    const ControllingTerminal terminal;
    if (!terminal.can_ask()) return std::nullopt;
    const QuestionMode mode(terminal.descriptor(), question.hidden ? Echo::off : Echo::on);
    if (!mode.is_set()) return std::nullopt;
    for (;;) {
        write_all(terminal.descriptor(), prompt_text(question));
        Line line = read_line(terminal.descriptor(), mode.interrupt_key());
        if (question.hidden || line.end != End::line) write_all(terminal.descriptor(), "\n");
        if (line.end == End::interrupt && control != nullptr) control->stop();
        if (line.end != End::line) return std::nullopt;
        if (question.hidden && line.text.empty()) return std::nullopt;
        if (!question.yes_no) return std::move(line.text);
        if (auto answer = yes_or_no(line.text); !answer.empty()) return answer;
    }
}

}  // namespace offlineimap::console
