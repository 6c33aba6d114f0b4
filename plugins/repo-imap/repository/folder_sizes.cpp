// SPDX-License-Identifier: Apache-2.0
#include "folder_sizes.hpp"

#include "protocol/text.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

namespace offlineimap::imap {

namespace {

class SizeCommand final : public PlainCommand {
public:
    explicit SizeCommand(std::string_view wire) : key_(key_of(wire)) { }
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::listing}; }
    void status(const MailboxStatus& status) override
    {
        if (key_of(status.name) == key_) size = status.size;
    }
    std::optional<std::uint64_t> size;

private:
    const std::string key_;
};

}  // namespace

std::vector<std::optional<std::uint64_t>>
folder_sizes(Context& context, std::span<const FolderIndex> folders)
{
    std::vector<std::unique_ptr<SizeCommand>> questions;
    for (const auto index : folders) {
        const auto wire = context.folders.at(index).wire;
        context.connection.wait_below(pipeline_depth);
        questions.push_back(std::make_unique<SizeCommand>(wire));
        CommandLine line(context.connection.literals(), "STATUS");
        context.connection.add_name(line, wire);
        context.connection.send(line.raw(" (SIZE)"), *questions.back());
    }
    context.connection.wait_below(1);
    std::vector<std::optional<std::uint64_t>> sizes;
    std::ranges::transform(
        questions, std::back_inserter(sizes), [](const auto& question) { return question->size; });
    return sizes;
}

}  // namespace offlineimap::imap
