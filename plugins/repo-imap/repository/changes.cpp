// SPDX-License-Identifier: Apache-2.0
#include "changes.hpp"

#include "folder_reader.hpp"

#include <deque>

namespace offlineimap::imap {

namespace {

using Readers = std::deque<FolderReader>;

/// Keeps the pipeline full until each reader is done.
void read_all(Connection& connection, const std::vector<FolderReader*>& readers)
{
    for (auto* reader : readers) {
        connection.wait_below(pipeline_depth);
        reader->start();
    }
    connection.wait_below(1);
}

}  // namespace

void report_changes(Context& context, std::span<const ChangeRequest> requests, ChangeSink& sink)
{
    Floor floor;
    Readers readers;
    std::vector<FolderReader*> round;
    for (const auto& request : requests)
        round.push_back(&readers.emplace_back(context, request, sink, floor));
    while (!round.empty()) {
        read_all(context.connection, round);
        std::erase_if(round, [](const FolderReader* r) { return !r->wants_another_pass(); });
    }
}

}  // namespace offlineimap::imap
