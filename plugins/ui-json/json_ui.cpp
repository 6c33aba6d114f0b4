// SPDX-License-Identifier: Apache-2.0
#include "json_ui.hpp"

#include "common-console/line_writer.hpp"
#include "event_json.hpp"

#include <unistd.h>
#include <utility>

namespace offlineimap::ui_json {
namespace {

/// Raised when a reader of the last one would be misled; new events and new keys do not count.
constexpr int protocol_version = 1;

void write(const Json& object)
{
    console::write_all(STDOUT_FILENO, to_line(object));
}

/// nullopt: the stream has ended, or a signal wants the program's attention.
std::optional<std::string> read_line()
{
    std::string line;
    char c = 0;
    while (::read(STDIN_FILENO, &c, 1) == 1) {
        if (c == '\n') return line;
        line += c;
    }
    return std::nullopt;
}

}  // namespace

void* JsonUi::facet(std::string_view name) noexcept
{
    return name == every_message_facet ? this : nullptr;
}

void JsonUi::start(Control& /*control*/)
{
    write(
        {{"event", "hello"},
         {"protocol", protocol_version},
         {"program", "offlineimap"},
         {"version", OFFLINEIMAP_VERSION}});
}

void JsonUi::show(const Event& event) noexcept
try {
    const bool only_debug = event.kind == EventKind::log && event.level == Level::debug;
    if (!only_debug || host_.logs(Level::debug)) write(to_json(event));
} catch (const std::exception&) {
    // No memory for a line: there is nobody left to tell.
}

std::optional<std::string> JsonUi::ask(const Question& question)
{
    write(
        {{"event", "question"},
         {"id", ++questions_},
         {"text", question.text},
         {"hidden", question.hidden},
         {"yes_no", question.yes_no}});
    const auto line = read_line();
    if (!line) return std::nullopt;
    const auto answer = Json::parse(*line, nullptr, false);
    if (!answer.is_object() || !answer.contains("answer") || !answer["answer"].is_string())
        return std::nullopt;
    return answer["answer"].get<std::string>();
}

void JsonUi::close() noexcept
try {
    if (!std::exchange(closed_, true)) write({{"event", "end"}});
} catch (const std::exception&) {
    // The reader sees the end of the stream.
}

}  // namespace offlineimap::ui_json
